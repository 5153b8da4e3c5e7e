import { InvalidArgumentError } from "../../base/errors.ts";

/** How much an archive may become when it is unpacked: a small one can hold more than any disk. */
export interface UnpackLimits {
  /** Bytes of the decompressed tar, and of the files in it, holes included. */
  readonly bytes: number;
  /** Entries of the tar. */
  readonly files: number;
  /** How many times larger than its compressed form a tar may be… */
  readonly ratio: number;
  /** …once it has more bytes than this: whoever has a gigabyte of zeros in a layer means no harm. */
  readonly ratioFrom: number;
}

const gibibyte = 2 ** 30;

export const defaultUnpackLimits: UnpackLimits = { bytes: 64 * gibibyte, files: 5_000_000, ratio: 2000, ratioFrom: gibibyte };

/** Parses `bytes=1000000,files=1000,ratio=100,ratioFrom=0`; what is not named keeps its default. @throws InvalidArgumentError */
export function parseUnpackLimits(text: string): UnpackLimits {
  const limits = { ...defaultUnpackLimits };
  for (const part of text.split(",").filter((each) => each !== "")) {
    const [, name = "", value = ""] = /^(bytes|files|ratio|ratioFrom)=(\d+)$/.exec(part.trim()) ?? [];
    if (!Number.isSafeInteger(Number(value)) || name === "") throw new InvalidArgumentError(`invalid limit ${JSON.stringify(part)}`);
    limits[name as keyof typeof limits] = Number(value);
  }
  return limits;
}

/** Counts one archive. All methods throw InvalidArgumentError when it becomes too large. */
export class UnpackMeter {
  readonly #limits: UnpackLimits;
  #compressed = 0;
  #bytes = 0;
  #files = 0;
  #content = 0;

  constructor(limits: UnpackLimits) {
    this.#limits = limits;
  }

  /** Bytes came in, compressed. */
  compressed(count: number): void {
    this.#compressed += count;
  }

  /** Bytes of tar came out. */
  tar(count: number, { isCompressed }: { readonly isCompressed: boolean }): void {
    const { bytes, ratio, ratioFrom } = this.#limits;
    this.#bytes += count;
    if (this.#bytes > bytes) throw tooLarge(`more than ${bytes} bytes`);
    if (isCompressed && this.#bytes > ratioFrom && this.#bytes > ratio * this.#compressed) {
      throw tooLarge(`more than ${ratio} times its compressed size`);
    }
  }

  /** An entry with so many bytes, once unpacked. */
  entry(size: number): void {
    const { bytes, files } = this.#limits;
    if (++this.#files > files) throw tooLarge(`more than ${files} files`);
    this.#content += size;
    if (this.#content > bytes) throw tooLarge(`files of more than ${bytes} bytes`);
  }
}

function tooLarge(what: string): InvalidArgumentError {
  return new InvalidArgumentError(`archive is too large: it unpacks to ${what}`);
}
