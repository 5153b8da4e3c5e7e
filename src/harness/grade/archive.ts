import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { messageOf } from "../../base/errors.ts";
import type { SubmittedEntry } from "./entries.ts";
import { type ByteSource, bytesOf, readZip } from "./zip.ts";

/** A submission's archive that cannot be read: the submission's fault, never ours. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

/** How much a tar may unpack to: it has no table of contents, so all of it is passed over. */
const PASSED_OVER_BYTES = 64 * 1024 * 1024;

/** Whether a file's name says that it is an archive which we can open. */
export function isArchiveName(name: string): boolean {
  return /\.(?:zip|tar|tgz|tar\.gz)$/i.test(name);
}

/**
 * The entries of a zip or a tar, gzipped or not, told by its first bytes. Nothing is unpacked but what is read, and that only up to the limit asked for.
 * @throws ArchiveError for what is neither, is damaged, or unpacks to far too much.
 */
export async function* archiveEntries(source: ByteSource): AsyncGenerator<SubmittedEntry> {
  const start = await source.read(0, Math.min(512, source.size));
  if (start.subarray(0, 2).toString("latin1") === "PK") {
    try {
      for (const entry of await readZip(source)) yield { ...entry, read: (limit) => entry.read(limit).catch(broken) };
    } catch (error) {
      broken(error);
    }
    return;
  }
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  if (!isGzip && start.subarray(257, 262).toString("latin1") !== "ustar") throw new ArchiveError("it is neither a zip nor a tar archive");
  yield* tarEntries(source, isGzip);
}

async function* tarEntries(source: ByteSource, isGzip: boolean): AsyncGenerator<SubmittedEntry> {
  const tar = extract();
  let passed = 0;
  const raw = Readable.from(bytesOf(source));
  const plain = isGzip ? raw.pipe(createGunzip()) : raw;
  const fail = (error: Error): void => tar.destroy(error);
  raw.on("error", fail);
  plain.on("error", fail);
  plain.on("data", (chunk: Buffer) => {
    passed += chunk.length;
    if (passed > PASSED_OVER_BYTES) fail(new ArchiveError(`it unpacks to more than ${PASSED_OVER_BYTES} bytes`));
  });
  plain.pipe(tar);
  try {
    for await (const entry of tar) {
      const { name, type, mode, mtime, size } = entry.header;
      if (type === "directory") {
        entry.resume();
        continue;
      }
      let bytes: Buffer | null = null;
      yield {
        path: name.replace(/^(?:\.\/)+/, ""),
        type: type === "file" || type === "contiguous-file" ? "file" : type === "symlink" || type === "link" ? "link" : "other",
        mode,
        modifiedAt: mtime ?? null,
        read: async (limit) => {
          if (size > limit) return null;
          const chunks: Buffer[] = [];
          for await (const chunk of entry) chunks.push(chunk as Buffer);
          bytes = Buffer.concat(chunks);
          return bytes;
        },
      };
      if (bytes === null) entry.resume();
    }
  } catch (error) {
    broken(error);
  } finally {
    raw.destroy();
  }
}

function broken(error: unknown): never {
  if (error instanceof ArchiveError) throw error;
  throw new ArchiveError(messageOf(error), { cause: error });
}
