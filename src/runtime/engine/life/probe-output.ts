/** As many bytes of a probe are kept as dockerd keeps (moby, daemon/health.go). */
const kept = 4096;

/** The beginning of what a health check prints, on both of its outputs. It may print for as long as its time limit is, and the rest is nobody's. */
export class ProbeOutput {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #isCut = false;

  take(chunk: Buffer): void {
    const part = chunk.subarray(0, kept - this.#size);
    this.#isCut ||= part.length < chunk.length;
    if (part.length === 0) return;
    // A copy: a few bytes would keep the whole piece that was read.
    this.#chunks.push(Buffer.from(part));
    this.#size += part.length;
  }

  /** With `...` after it, as Docker has it, when it was longer. */
  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8") + (this.#isCut ? "..." : "");
  }
}
