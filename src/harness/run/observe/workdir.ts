import { constants, type Stats } from "node:fs";
import { lstat, open, readlink, realpath, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { hasErrno } from "../../../base/errors.ts";
import type { FileFacts } from "./observation.ts";
import { summarise } from "./tar-reader.ts";

/**
 * Where `path` really is; null when it is not in the work directory. Its last component is not followed, and folders on the way
 * only as far as they stay inside: what a submission links to elsewhere is not its work.
 */
async function resolveInside(workdir: string, path: string): Promise<string | null> {
  try {
    const root = await realpath(workdir);
    const plain = join(root, path);
    if (plain === root) return root;
    const folder = await realpath(dirname(plain));
    const isInside = !relative(root, folder).split("/").includes("..");
    return isInside ? join(folder, basename(plain)) : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"].some((code) => hasErrno(error, code));
}

/** A file of the work directory; null when it is not there. Links are not followed. */
export async function workdirFile(workdir: string, path: string): Promise<FileFacts | null> {
  const place = await resolveInside(workdir, path);
  if (place === null) return null;
  try {
    const stats = await lstat(place);
    const type = typeOf(stats);
    const linkTarget = type === "symlink" ? await readlink(place) : null;
    const facts = { type, size: stats.size, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, linkTarget };
    if (type !== "file") return { ...facts, content: null, sha256: null };
    await using file = await openPlain(place);
    return { ...facts, ...(await summarise(file.handle.createReadStream({ autoClose: false }))) };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Opens a regular file of the work directory to be read; null when there is none. */
export async function openWorkdirFile(workdir: string, path: string): Promise<(AsyncDisposable & { readonly handle: FileHandle }) | null> {
  const place = await resolveInside(workdir, path);
  if (place === null) return null;
  try {
    if (!(await lstat(place)).isFile()) return null;
    return await openPlain(place);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Not through a link that was put there since, and without waiting for a writer should it have become a fifo. */
async function openPlain(place: string): Promise<AsyncDisposable & { readonly handle: FileHandle }> {
  const handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  return { handle, [Symbol.asyncDispose]: () => handle.close().catch(() => undefined) };
}

function typeOf(stats: Stats): FileFacts["type"] {
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isDirectory()) return "directory";
  if (stats.isFIFO()) return "fifo";
  return stats.isFile() ? "file" : "device";
}
