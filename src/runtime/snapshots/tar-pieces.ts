/**
 * A tar in the making, in pieces of one size: headers and files are put where they are to be sent from, since to copy and to collect a buffer
 * an entry takes longer than to read small files. The generators give the pieces that have become full, which are the taker's.
 */
export class TarPieces {
  static readonly size = 512 << 10;
  #buffer = Buffer.allocUnsafeSlow(TarPieces.size);
  #at = 0;

  *add(bytes: Uint8Array): Generator<Buffer, void> {
    for (let done = 0; done < bytes.length;) {
      const count = Math.min(bytes.length - done, TarPieces.size - this.#at);
      this.#buffer.set(count === bytes.length ? bytes : bytes.subarray(done, done + count), this.#at);
      done += count;
      yield* this.#advance(count);
    }
  }

  /** `length` bytes by `read(buffer, at, length)`, which gives how many it has read; zeros from where it gives none. */
  *fill(length: number, read: (buffer: Buffer, at: number, length: number) => number): Generator<Buffer, void> {
    for (let left = length; left > 0;) {
      const room = Math.min(left, TarPieces.size - this.#at);
      let count = read(this.#buffer, this.#at, room);
      if (count === 0) {
        this.#buffer.fill(0, this.#at, this.#at + room);
        count = room;
      }
      left -= count;
      yield* this.#advance(count);
    }
  }

  /** What is left at the end. */
  *rest(): Generator<Buffer, void> {
    if (this.#at > 0) yield this.#buffer.subarray(0, this.#at);
    this.#at = 0;
  }

  *#advance(count: number): Generator<Buffer, void> {
    this.#at += count;
    if (this.#at < TarPieces.size) return;
    yield this.#buffer;
    this.#buffer = Buffer.allocUnsafeSlow(TarPieces.size);
    this.#at = 0;
  }
}
