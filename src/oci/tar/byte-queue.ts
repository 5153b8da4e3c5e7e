import { InvalidArgumentError } from "../../base/errors.ts";

/** Takes exact numbers of bytes from a stream that comes in pieces of any size. */
export class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>;
  #current: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly `size` bytes, or null at the end. @throws InvalidArgumentError when the stream ends in the middle of them. */
  async take(size: number): Promise<Buffer | null> {
    if (size <= this.#current.length) return this.#shift(size);
    const parts: Buffer[] = [];
    let missing = size;
    while (missing > 0) {
      const part = await this.some(missing);
      if (part === null) {
        if (parts.length === 0) return null;
        throw new InvalidArgumentError("unexpected EOF");
      }
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts, size);
  }

  /** At least one and at most `limit` bytes, as they come; null at the end. */
  async some(limit: number): Promise<Buffer | null> {
    while (this.#current.length === 0) {
      const next = await this.#source.next();
      if (next.done) return null;
      this.#current = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    return this.#shift(Math.min(limit, this.#current.length));
  }

  /** Reads on to the end of the stream, so that a writer on its other side is not cut off. */
  async drain(): Promise<void> {
    while (!(await this.#source.next()).done);
  }

  #shift(size: number): Buffer {
    const bytes = this.#current.subarray(0, size);
    this.#current = this.#current.subarray(size);
    return bytes;
  }
}
