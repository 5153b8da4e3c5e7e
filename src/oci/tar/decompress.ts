import { Readable, pipeline } from "node:stream";
import * as zlib from "node:zlib";
import { InvalidArgumentError, NotImplementedError } from "../../base/errors.ts";

export type Compression = "none" | "gzip" | "zstd" | "bzip2" | "xz";

const magics: readonly (readonly [Compression, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

/** How bytes that start so are compressed. */
export function compressionOf(start: Uint8Array): Compression {
  return magics.find(([, magic]) => magic.every((byte, at) => start[at] === byte))?.[0] ?? "none";
}

/**
 * The bytes of `source`, decompressed when their first ones say that they are compressed.
 * @throws NotImplementedError for a compression that this Node has not; InvalidArgumentError while reading, when the data is corrupt.
 */
export async function* decompressed(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  const iterator = source[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  while (start.length < 6) {
    const next = await iterator.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  const whole = (async function* () {
    try {
      if (start.length > 0) yield start;
      for (;;) {
        const next = await iterator.next();
        if (next.done) return;
        yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
    } finally {
      await iterator.return?.();
    }
  })();
  const compression = compressionOf(start);
  if (compression === "none") {
    yield* whole;
    return;
  }
  const inflate = decompressorOf(compression);
  // An error of the source reaches whoever reads `inflate`.
  pipeline(Readable.from(whole), inflate, () => {});
  try {
    for await (const chunk of inflate) yield chunk as Buffer;
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_")) {
      throw new InvalidArgumentError(`${compression}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function decompressorOf(compression: Exclude<Compression, "none">): NodeJS.ReadWriteStream {
  if (compression === "gzip") return zlib.createGunzip();
  // Node has zstd from 22.15 on.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream };
  if (compression === "zstd" && createZstdDecompress) return createZstdDecompress();
  throw new NotImplementedError(`${compression} compression is not supported by Node ${process.versions.node}; use gzip or no compression`);
}
