import { lstat, stat } from "node:fs/promises";
import { dirname, posix, resolve } from "node:path";
import type { UnixClient } from "../../client/unix-client.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";
import { keepTrailing, planCopy, renamedEntry, splitEntry } from "./copy-plan.ts";
import { writeToStdout } from "./file-streams.ts";
import { unpackTree } from "./local-untar.ts";

/** Go's mode bits in a PathStat. */
const MODE_DIR = 0x80000000;
const MODE_SYMLINK = 0x08000000;

export const isDirectoryMode = (mode: number): boolean => (mode & MODE_DIR) !== 0;
export const isSymlinkMode = (mode: number): boolean => (mode & MODE_SYMLINK) !== 0;

/** `docker cp container:path here`, or to stdout as a tar with `-`. */
export async function copyFromContainer(
  container: string,
  path: string,
  to: string,
  options: { readonly followLink: boolean },
  context: CommandContext,
): Promise<void> {
  const local = to === "-" ? "-" : keepTrailing(resolve(context.cwd, to), to);
  const client = await context.client();
  if (local !== "-") await checkParent(local);
  const source = options.followLink ? await followedPath(client, container, path) : path;
  const { stat: found, tar } = await client.getArchive(container, source, context.signal);
  if (local === "-") return writeToStdout(tar, context.stdout);
  const destination = await stat(local).catch(() => null);
  const plan = planCopy(
    { path: source, exists: true, isDirectory: isDirectoryMode(found.mode) },
    { path: local, exists: destination !== null, isDirectory: destination?.isDirectory() ?? false },
  );
  const asked = splitEntry(path)[1];
  const actual = splitEntry(source)[1];
  // A followed link keeps its own name here.
  const renamed = (name: string): string => renamedEntry(name, plan);
  await unpackTree(tar, plan.directory, (name) =>
    plan.rename ? renamed(name) : renamedEntry(name, { directory: "", rename: { from: actual, to: asked } }),
  );
  return undefined;
}

/** Where a symbolic link in the container leads, one step; another path as it is. */
async function followedPath(client: UnixClient, container: string, path: string): Promise<string> {
  const { mode, linkTarget } = await client.statPath(container, path);
  if (!isSymlinkMode(mode)) return path;
  return posix.isAbsolute(linkTarget) ? linkTarget : posix.join(posix.dirname(path), linkTarget);
}

async function checkParent(path: string): Promise<void> {
  const folder = dirname(path);
  const found = await lstat(folder).catch(() => null);
  if (!found) throw new StatusError(`invalid output path: directory ${JSON.stringify(folder)} does not exist`);
}
