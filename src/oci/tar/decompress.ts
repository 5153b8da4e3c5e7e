import { Readable, pipeline, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { gathered } from "../../base/gathered.ts";
import { defaultUnpackLimits, UnpackMeter, type UnpackLimits } from "./unpack-limits.ts";

export type Compression = "none" | "gzip" | "zstd" | "bzip2" | "xz";

/** Bytes that come out at once: with Node's 16 KiB a large layer takes a third longer. */
const pieceSize = 512 << 10;

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
 * @throws InvalidArgumentError while reading, when the data is corrupt or becomes larger than `limits`.
 */
export async function* decompressed(
  source: AsyncIterable<Uint8Array>,
  limits: UnpackLimits = defaultUnpackLimits,
): AsyncGenerator<Buffer, void> {
  const meter = new UnpackMeter(limits);
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
    for await (const chunk of whole) {
      meter.tar(chunk.length, { isCompressed: false });
      yield chunk;
    }
    return;
  }
  // What goes wrong before the decompressor is the source's own, and is told as it is.
  let sourceFailure: unknown = null;
  const watched = (async function* () {
    try {
      for await (const chunk of gathered(whole, pieceSize)) {
        meter.compressed(chunk.length);
        yield chunk;
      }
    } catch (error) {
      sourceFailure = error;
      throw error;
    }
  })();
  try {
    for await (const chunk of decompressor(compression, watched)) {
      try {
        meter.tar(chunk.byteLength, { isCompressed: true });
      } catch (error) {
        sourceFailure = error;
        throw error;
      }
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
  } catch (error) {
    if (sourceFailure !== null) throw sourceFailure;
    throw new InvalidArgumentError(`${compression}: ${messageOf(error)}`, { cause: error });
  }
}

/** Node's own where it has one; libraries are loaded only when an archive asks for them. */
async function* decompressor(
  compression: Exclude<Compression, "none">,
  source: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Uint8Array, void> {
  // Node has zstd from 22.15 on.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  if (compression === "gzip") return yield* through(source, zlib.createGunzip({ chunkSize: pieceSize }));
  if (compression === "zstd" && createZstdDecompress) return yield* through(source, createZstdDecompress());
  const { unbzip2, unxz, unzstd } = await import("./decompress-by-library.ts");
  return yield* { bzip2: unbzip2, xz: unxz, zstd: unzstd }[compression](source);
}

/** An error of the source reaches whoever reads the result. */
function through(source: AsyncIterable<Buffer>, transform: Transform): AsyncIterable<Uint8Array> {
  pipeline(Readable.from(source), transform, () => {});
  return transform;
}
