import { createHash } from "node:crypto";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { InvalidArgumentError } from "../../base/errors.ts";
import { notWritten } from "../../base/not-written.ts";
import type { Digest } from "../../oci/digest.ts";

/** Bytes that are written at once, out of the pieces as they came: each write is another thread's turn. */
const batchSize = 512 << 10;

/** What a blob must turn out to be; `size` in bytes. */
export interface ExpectedBlob {
  readonly digest: Digest;
  readonly size?: number;
}

/** A blob in the making: written piece by piece, counted only after `commit`. Ended by `commit` or by `abort`. */
export interface BlobWriter {
  /** The piece is hashed, and written when there are enough of them; it must not be changed any more. */
  write(piece: Uint8Array): Promise<void>;
  /** @throws InvalidArgumentError when it is not what was expected; then nothing is left of it. */
  commit(): Promise<{ readonly digest: Digest; readonly size: number }>;
  /** Leaves nothing; does nothing after `commit`. */
  abort(): Promise<void>;
}

/** Writes to a temporary file, which `commit` renames to `pathOf(digest)`. */
export class FileBlobWriter implements BlobWriter {
  readonly #temporary: string;
  readonly #pathOf: (digest: Digest, size: number) => string;
  readonly #expected: ExpectedBlob | undefined;
  readonly #hash = createHash("sha256");
  readonly #file: FileHandle;
  #writing: Promise<void> = Promise.resolve();
  #size = 0;
  #pending: Uint8Array[] = [];
  #pendingSize = 0;
  #isOver = false;

  private constructor(file: FileHandle, temporary: string, pathOf: (digest: Digest, size: number) => string, expected?: ExpectedBlob) {
    this.#file = file;
    this.#temporary = temporary;
    this.#pathOf = pathOf;
    this.#expected = expected;
  }

  static async open(temporary: string, pathOf: (digest: Digest, size: number) => string, expected?: ExpectedBlob): Promise<FileBlobWriter> {
    return new FileBlobWriter(await open(temporary, "wx", 0o644), temporary, pathOf, expected);
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#size += piece.length;
    const expected = this.#expected;
    if (expected?.size !== undefined && this.#size > expected.size) throw wrongSize(expected, this.#size);
    this.#hash.update(piece);
    this.#pending.push(piece);
    this.#pendingSize += piece.length;
    if (this.#pendingSize < batchSize) return;
    // While the kernel takes these pieces, their maker makes the next ones.
    const previous = this.#writing;
    this.#flush();
    await previous;
  }

  async commit(): Promise<{ readonly digest: Digest; readonly size: number }> {
    try {
      this.#flush();
      await this.#writing;
      const size = this.#size;
      const digest = `sha256:${this.#hash.digest("hex")}` as Digest;
      const expected = this.#expected;
      if (expected?.size !== undefined && size !== expected.size) throw wrongSize(expected, size);
      if (expected && digest !== expected.digest) {
        throw new InvalidArgumentError(`blob has digest ${digest}, expected ${expected.digest}`);
      }
      await this.#file.close();
      await rename(this.#temporary, this.#pathOf(digest, size));
      this.#isOver = true;
      return { digest, size };
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  async abort(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#writing.catch(() => {});
    await this.#file.close().catch(() => {});
    await rm(this.#temporary, { force: true });
  }

  #flush(): void {
    const pieces = this.#pending;
    this.#pending = [];
    this.#pendingSize = 0;
    const next = this.#writing.then(async () => await this.#append(pieces));
    // Whoever waits for it next gets the error; until then it is nobody's.
    next.catch(() => {});
    this.#writing = next;
  }

  async #append(pieces: readonly Uint8Array[]): Promise<void> {
    for (let rest = pieces; rest.length > 0;) rest = notWritten(rest, (await this.#file.writev(rest)).bytesWritten);
  }
}

function wrongSize(expected: ExpectedBlob, size: number): InvalidArgumentError {
  return new InvalidArgumentError(`blob ${expected.digest} has ${size} bytes or more, expected ${expected.size}`);
}
