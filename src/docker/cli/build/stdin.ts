import { Readable } from "node:stream";
import { compressionOf } from "../../../oci/tar/decompress.ts";
import { decodeUstar } from "../../../oci/tar/decode-header.ts";
import { packText } from "./context.ts";
import { StatusError } from "../cli-errors.ts";

/** Nobody writes a Dockerfile as large as this; the engine's limit is the same. */
const textLimit = 2 << 20;

/** A tar's header; as much decides what stdin is. */
const headerSize = 512;

/**
 * `docker build -`: stdin is a tar of the context, plain or compressed, which is passed on as it comes, or else the text of a Dockerfile that needs none.
 * @throws StatusError when a Dockerfile's name was given and stdin is one, or is endless.
 */
export async function contextOfStdin(
  stdin: Readable,
  { file, isStrict }: { readonly file: string; readonly isStrict: boolean },
): Promise<{ readonly tar: Readable; readonly dockerfile: string }> {
  const source = stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer | string, undefined>;
  const next = async (): Promise<Buffer | null> => {
    const { value, done } = await source.next();
    return done ? null : Buffer.from(value);
  };
  let start: Buffer = Buffer.alloc(0);
  while (start.length < headerSize) {
    const chunk = await next();
    if (chunk === null) break;
    start = Buffer.concat([start, chunk]);
  }
  if (isArchive(start)) return { tar: passOn(start, source), dockerfile: file === "" ? "Dockerfile" : file };
  // The classic builder's client ignores the name.
  if (file !== "" && isStrict) throw new StatusError("ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles");
  const text = [start];
  let size = start.length;
  for (let chunk = await next(); chunk; chunk = await next()) {
    text.push(chunk);
    size += chunk.length;
    if (size <= textLimit) continue;
    await source.return?.();
    throw new StatusError(`unable to prepare context: stdin is no tar, and as a Dockerfile larger than ${textLimit} bytes`);
  }
  return { tar: packText("Dockerfile", Buffer.concat(text).toString()), dockerfile: "Dockerfile" };
}

function isArchive(start: Buffer): boolean {
  if (compressionOf(start) !== "none") return true;
  if (start.length < headerSize || start[0] === 0) return false;
  try {
    decodeUstar(start.subarray(0, headerSize));
    return true;
  } catch {
    return false;
  }
}

function passOn(start: Buffer, source: AsyncIterator<Buffer | string, undefined>): Readable {
  return Readable.from(
    (async function* () {
      try {
        yield start;
        for (let next = await source.next(); !next.done; next = await source.next()) yield Buffer.from(next.value);
      } finally {
        await source.return?.();
      }
    })(),
    { objectMode: false },
  );
}
