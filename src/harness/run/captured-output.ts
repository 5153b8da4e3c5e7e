/** A stream's bytes, as far as they were kept. */
export interface CapturedText {
  readonly text: string;
  /** Bytes left out between head and tail; 0 when `text` is everything. */
  readonly omittedBytes: number;
}

/** What is kept of one stream: this much, half of it from the head and half from the tail. */
export const CAPTURE_LIMIT_BYTES = 1024 * 1024;

/** Keeps the head and the tail of a stream, so that a step which prints for ever costs bounded memory. */
export class CapturedOutput {
  readonly #half: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #omitted = 0;

  constructor(limitBytes = CAPTURE_LIMIT_BYTES) {
    this.#half = Math.max(1, Math.floor(limitBytes / 2));
  }

  write(chunk: Uint8Array): void {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#headBytes < this.#half) {
      const part = rest.subarray(0, this.#half - this.#headBytes);
      this.#head.push(part);
      this.#headBytes += part.length;
      rest = rest.subarray(part.length);
    }
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    // Joined only when twice too long, so that many small chunks cost linear time.
    if (this.#tailBytes > 2 * this.#half) this.#shorten();
  }

  /** What was kept, decoded as UTF-8; a gap is said in the text where it is. */
  end(): CapturedText {
    if (this.#tailBytes > this.#half) this.#shorten();
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail);
    if (this.#omitted === 0) return { text: Buffer.concat([head, tail]).toString("utf8"), omittedBytes: 0 };
    const gap = `\n[… ${this.#omitted} bytes of output left out …]\n`;
    return { text: head.toString("utf8") + gap + tail.toString("utf8"), omittedBytes: this.#omitted };
  }

  #shorten(): void {
    const all = Buffer.concat(this.#tail);
    const surplus = all.length - this.#half;
    this.#omitted += surplus;
    // A copy: a view would keep the whole of `all` in memory.
    this.#tail = [Buffer.from(all.subarray(surplus))];
    this.#tailBytes = this.#half;
  }
}
