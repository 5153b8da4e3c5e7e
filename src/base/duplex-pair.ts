import { Duplex } from "node:stream";

/** Bytes that one end has in store before the other waits: about a piece, since a reader gets several put together, which copies them. */
const highWaterMark = 64 << 10;

/** Two ends of a connection within this process: what is written to one is read from the other, as it is and without a copy. */
export function duplexPair(): readonly [Duplex, Duplex] {
  const ends = [new End(), new End()] as const;
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return ends;
}

class End extends Duplex {
  other: End | null = null;
  /** What a writer at the other end waits for. */
  #taken: (() => void) | null = null;

  constructor() {
    super({ highWaterMark });
  }

  override _read(): void {
    const taken = this.#taken;
    this.#taken = null;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const { other } = this;
    // Nothing can be told to one who is gone.
    if (!other || other.readableEnded || other.destroyed || chunk.length === 0 || other.push(chunk)) done();
    else other.#taken = done;
  }

  override _final(done: () => void): void {
    if (this.other && !this.other.destroyed) this.other.push(null);
    done();
  }

  /** As a socket's: the other end reads what was sent before an orderly end, and else finds the connection broken. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const taken = this.#taken;
    this.#taken = null;
    taken?.();
    const { other } = this;
    if (other && !other.destroyed && !this.writableFinished) process.nextTick(() => other.destroy());
    done(error);
  }
}
