import { createWriteStream } from "node:fs";
import { chmod, link, lstat, lutimes, mkdir, rm, symlink, utimes } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { StatusError } from "../cli-errors.ts";

/**
 * Unpacks a tar below `directory`, as the user who runs this: modes and times are kept, owners are not, devices are left out.
 * A container chose what stands in the tar, so nothing is written outside, neither by `..` nor through a link that it brought along.
 * @throws StatusError when the tar tries to, or would replace a directory by something else.
 */
export async function unpackTree(tar: Readable, directory: string, rename: (name: string) => string): Promise<void> {
  const reader = extract();
  // Ends with an error here when either the connection or the tar breaks.
  const fed = pipeline(tar, reader as unknown as NodeJS.WritableStream);
  fed.catch(() => undefined);
  const links = new Set<string>();
  const folders: { path: string; header: Header }[] = [];
  for await (const entry of reader) {
    const { header } = entry;
    const path = inside(directory, rename(header.name), links);
    if (header.type === "file" || header.type === "contiguous-file") {
      await makeRoom(path, false);
      await pipeline(entry as unknown as Readable, createWriteStream(path, { flags: "wx", mode: 0o600 }));
      await settle(path, header);
      continue;
    }
    if (header.type === "directory") {
      await makeRoom(path, true);
      await mkdir(path, { recursive: true });
      folders.push({ path, header });
    } else if (header.type === "symlink") {
      await makeRoom(path, false);
      await symlink(header.linkname ?? "", path);
      links.add(path);
      if (header.mtime) await lutimes(path, header.mtime, header.mtime);
    } else if (header.type === "link") {
      await makeRoom(path, false);
      const other = inside(directory, rename(header.linkname ?? ""), links);
      await link(other, path);
      // link(2) does not follow: this is one more symbolic link then.
      if (links.has(other)) links.add(path);
    }
    entry.resume();
  }
  await fed;
  // Last, and the deepest first: writing into a folder changes its time, and a read-only one could not be written into.
  for (const { path, header } of folders.toReversed()) await settle(path, header);
}

function inside(directory: string, name: string, links: ReadonlySet<string>): string {
  const relative = normalize(`/${name}`).slice(1);
  if (name.split("/").includes("..")) throw new StatusError(`invalid entry ${JSON.stringify(name)} in the archive`);
  let path = directory;
  const parts = relative.split("/").filter((part) => part !== "");
  for (const [index, part] of parts.entries()) {
    path = join(path, part);
    if (index < parts.length - 1 && links.has(path)) {
      throw new StatusError(`invalid entry ${JSON.stringify(name)} in the archive: it lies behind a symbolic link`);
    }
  }
  return path;
}

/** Removes what is in the way; a directory gives way to nothing else, and nothing else to a directory. */
async function makeRoom(path: string, forDirectory: boolean): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (!there) {
    await mkdir(dirname(path), { recursive: true });
    return;
  }
  if (there.isDirectory() && forDirectory) return;
  if (there.isDirectory()) throw new StatusError(`cannot overwrite directory ${JSON.stringify(path)} with non-directory`);
  if (forDirectory) throw new StatusError(`cannot overwrite non-directory ${JSON.stringify(path)} with directory`);
  await rm(path);
}

async function settle(path: string, header: Header): Promise<void> {
  if (header.mode !== undefined) await chmod(path, header.mode & 0o7777);
  if (header.mtime) await utimes(path, header.mtime, header.mtime);
}
