import { lstat, realpath, stat } from "node:fs/promises";
import { posix, resolve } from "node:path";
import type { Readable } from "node:stream";
import type { PathStat } from "../../api/types.ts";
import { hasErrno } from "../../../base/errors.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";
import { isDirectoryMode, isSymlinkMode } from "./copy-from-container.ts";
import { keepTrailing, planCopy, renamedEntry, splitEntry } from "./copy-plan.ts";
import { goErrno } from "./file-streams.ts";
import { packTree } from "./local-tar.ts";

/** `docker cp here container:path`, or a tar from stdin with `-`. */
export async function copyToContainer(
  from: string,
  container: string,
  path: string,
  options: { readonly archive: boolean; readonly followLink: boolean },
  context: CommandContext,
): Promise<void> {
  const client = await context.client();
  // What cannot be looked at is the engine's to refuse when the tar comes.
  const look = (wanted: string): Promise<PathStat | null> => client.statPath(container, wanted).catch(() => null);
  let destination = path;
  let found = await look(path);
  if (found && isSymlinkMode(found.mode)) {
    const { linkTarget } = found;
    destination = posix.isAbsolute(linkTarget) ? linkTarget : posix.join(posix.dirname(path), linkTarget);
    found = await look(destination);
  }
  const isDirectory = found !== null && isDirectoryMode(found.mode);
  let directory = destination;
  let tar: Readable = context.stdin;
  if (from === "-") {
    if (!isDirectory) throw new StatusError(`destination "${container}:${path}" must be a directory`);
  } else {
    const source = keepTrailing(resolve(context.cwd, from), from);
    const stats = await (options.followLink ? stat(source) : lstat(source)).catch((error: unknown) => {
      const reason = goErrno(error);
      throw new StatusError(from.endsWith("/") && hasErrno(error, "ENOTDIR") ? reason : `lstat ${source}: ${reason}`);
    });
    const plan = planCopy(
      { path: source, exists: true, isDirectory: stats.isDirectory() },
      { path: destination, exists: found !== null, isDirectory },
    );
    const local = options.followLink ? await realpath(source) : source;
    const [, name] = splitEntry(source);
    directory = plan.directory;
    const adjusted = renamedEntry(name, plan);
    tar = packTree(local, { root: adjusted === "/" ? "." : adjusted });
  }
  await client.putArchive(container, directory, tar, { noOverwriteDirNonDir: true, copyUidGid: options.archive });
}
