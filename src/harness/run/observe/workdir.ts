import { constants, type Stats } from "node:fs";
import { lstat, open, readlink, realpath, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { hasErrno } from "../../../base/errors.ts";
import type { FileFacts } from "./observation.ts";
import { MAX_SUMMED_BYTES, summarise } from "./tar-reader.ts";

/** A place of the work directory, below a folder that is held open: whatever is renamed meanwhile, it stays in that folder. */
type Place = AsyncDisposable & { readonly path: string };

/** O_PATH of open(2): the folder is held, nothing of it is read. Node has no name for it. */
const O_PATH = 0o10000000;

/**
 * Where `path` really is; null when it is not in the work directory. Its last component is not followed, and folders on the way
 * only as far as they stay inside: what a submission links to elsewhere is not its work. A container that has the directory bound may put links
 * in the place of folders at any moment, so it is the opened folder that is asked where it is.
 */
async function resolveInside(workdir: string, path: string): Promise<Place | null> {
  try {
    const root = await realpath(workdir);
    const plain = join(root, path);
    const isRoot = plain === root;
    const folder = await open(isRoot ? root : dirname(plain), constants.O_DIRECTORY | O_PATH);
    const held = `/proc/self/fd/${folder.fd}`;
    const close = (): Promise<void> => folder.close().catch(() => undefined);
    const isInside = !relative(root, await readlink(held))
      .split("/")
      .includes("..");
    if (isInside) return { path: isRoot ? `${held}/.` : join(held, basename(plain)), [Symbol.asyncDispose]: close };
    await close();
    return null;
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
  await using held = await resolveInside(workdir, path);
  if (held === null) return null;
  const place = held.path;
  try {
    const stats = await lstat(place);
    const type = typeOf(stats);
    const linkTarget = type === "symlink" ? await readlink(place) : null;
    const facts = { type, size: stats.size, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, linkTarget };
    if (type !== "file" || stats.size > MAX_SUMMED_BYTES) return { ...facts, content: null, sha256: null };
    await using file = await openPlain(place);
    // It may be another file by now than the one that was looked at: a pipe ends at once, a device does not.
    if (!(await file.handle.stat()).isFile()) return { ...facts, content: null, sha256: null };
    return { ...facts, ...(await summarise(file.handle.createReadStream({ autoClose: false }))) };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Opens a regular file of the work directory to be read; null when there is none. */
export async function openWorkdirFile(workdir: string, path: string): Promise<(AsyncDisposable & { readonly handle: FileHandle }) | null> {
  await using held = await resolveInside(workdir, path);
  if (held === null) return null;
  try {
    if (!(await lstat(held.path)).isFile()) return null;
    return await openPlain(held.path);
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
