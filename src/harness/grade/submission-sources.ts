import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { archiveEntries } from "./archive.ts";
import type { SubmissionSource, SubmittedEntry } from "./entries.ts";
import { bytesOfFile } from "./zip.ts";

/** How deep and how far a folder is even looked at. */
const MAX_DEPTH = 20;

/** What lies in a folder and below, in the order of the names. */
export function folderSource(top: string): SubmissionSource {
  return () => walk(top, "", 0);
}

async function* walk(top: string, path: string, depth: number): AsyncGenerator<SubmittedEntry> {
  // Deeper is told of as something that cannot be taken, by the folder's name.
  if (depth > MAX_DEPTH) {
    yield { path, type: "other", mode: 0, modifiedAt: null, read: async () => null };
    return;
  }
  for (const name of (await readdir(join(top, path))).toSorted()) {
    const below = path === "" ? name : `${path}/${name}`;
    // A name that is no UTF-8 leads nowhere once it is text.
    if (name.includes("\ufffd")) {
      yield { path: below, type: "file", mode: 0, modifiedAt: null, read: async () => null };
      continue;
    }
    const entry = await fileEntry(join(top, below), below);
    if (entry === null) yield* walk(top, below, depth + 1);
    else yield entry;
  }
}

/** Some files, each by the name that it was handed in with. */
export function filesSource(files: readonly { readonly file: string; readonly as: string }[]): SubmissionSource {
  return async function* () {
    for (const { file, as } of files) {
      const entry = await fileEntry(file, as);
      if (entry === null) yield* walk(file, "", 0);
      else yield entry;
    }
  };
}

export function archiveSource(file: string): SubmissionSource {
  return async function* () {
    yield* archiveEntries(await bytesOfFile(file));
  };
}

/** One file, by its own name. */
export function fileSource(file: string): SubmissionSource {
  return filesSource([{ file, as: basename(file) }]);
}

/** Null for a folder. */
async function fileEntry(file: string, path: string): Promise<SubmittedEntry | null> {
  const info = await lstat(file);
  if (info.isDirectory()) return null;
  return {
    path,
    type: info.isFile() ? "file" : info.isSymbolicLink() ? "link" : "other",
    mode: info.mode & 0o777,
    modifiedAt: info.mtime,
    read: (limit) => readBounded(file, limit),
  };
}

/** A file's bytes, or null when there are more than `limit`; never through a link, and never waiting for a pipe. */
async function readBounded(file: string, limit: number): Promise<Uint8Array | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(64 * 1024, limit + 1 - length)));
      if (bytesRead === 0) return Buffer.concat(chunks);
      length += bytesRead;
      if (length > limit) return null;
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
