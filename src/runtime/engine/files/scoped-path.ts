import type { Stats } from "node:fs";
import { lstat, readlink, stat as statOf } from "node:fs/promises";
import { posix } from "node:path";
import { hasErrno, InvalidArgumentError } from "../../../base/errors.ts";

/** Where a container's path is for the engine. */
export interface ResolvedPath {
  /** In the engine's mount namespace. */
  readonly path: string;
  /** In the container, without symlinks. */
  readonly inside: string;
  /** null when there is nothing. */
  readonly stat: Stats | null;
  /** What of the path is not there, below its deepest directory that is; null when something that is no directory stands in the way. */
  readonly remaining: string | null;
}

const linkLimit = 40;

/**
 * Resolves a container's path as if the rootfs were `/`, symlinks included, so that no link of the container leads out.
 * `translate` says where a place inside is for the engine, for volumes; `followLast` false leaves a symlink at the end itself.
 */
export async function resolveInRootfs(
  rootfs: string,
  path: string,
  options: { readonly followLast?: boolean; readonly translate?: (inside: string) => string | null } = {},
): Promise<ResolvedPath> {
  const { followLast = true } = options;
  const place = (inside: string): string => options.translate?.(inside) ?? (inside === "/" ? rootfs : rootfs + inside);
  const pending = path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .toReversed();
  let inside = "/";
  // The rootfs itself may be a link, as /proc/PID/root is.
  const look = (where: string): Promise<Stats> => (where === "/" ? statOf(place("/")) : lstat(place(where)));
  let stat: Stats | null = await look("/");
  let links = 0;
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part === "..") {
      inside = posix.dirname(inside);
      stat = await look(inside);
      continue;
    }
    const next = posix.join(inside, part);
    const found = await lstatOrNull(place(next));
    if (found === "not a directory") return { path: place(next), inside: next, stat: null, remaining: null };
    if (found === null) {
      const rest = pending.toReversed();
      if (rest.includes("..")) throw new InvalidArgumentError(`no such directory in the container: ${next}`);
      const whole = posix.join(next, ...rest);
      return { path: posix.join(place(next), ...rest), inside: whole, stat: null, remaining: posix.join(part, ...rest) };
    }
    if (found.isSymbolicLink() && (followLast || pending.length > 0)) {
      links += 1;
      if (links > linkLimit) throw new InvalidArgumentError(`too many levels of symbolic links in ${path}`);
      const target = await readlink(place(next));
      if (target.startsWith("/")) inside = "/";
      pending.push(
        ...target
          .split("/")
          .filter((piece) => piece !== "" && piece !== ".")
          .toReversed(),
      );
      stat = await look(inside);
      continue;
    }
    inside = next;
    stat = found;
  }
  return { path: place(inside), inside, stat, remaining: "" };
}

async function lstatOrNull(path: string): Promise<Stats | null | "not a directory"> {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return null;
    if (hasErrno(error, "ENOTDIR")) return "not a directory";
    throw error;
  }
}
