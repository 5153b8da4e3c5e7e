import { basename, dirname } from "node:path";
import { StatusError } from "../cli-errors.ts";

/** One end of a copy. */
export interface CopyEnd {
  /** As written: a trailing `/` or `/.` counts. */
  readonly path: string;
  readonly exists: boolean;
  readonly isDirectory: boolean;
}

/** Where a copy's tar is unpacked, and how its entries are renamed for that: the first part of their name. */
export interface CopyPlan {
  readonly directory: string;
  readonly rename: { readonly from: string; readonly to: string } | null;
}

/**
 * Decides as `cp -a` does where the tar of `source` goes: into a directory that is there, else under the destination's own name.
 * @throws StatusError in docker's words when the two do not fit.
 */
export function planCopy(source: CopyEnd, destination: CopyEnd): CopyPlan {
  const [directory, name] = splitEntry(destination.path);
  const [, sourceName] = splitEntry(source.path);
  if (destination.exists && destination.isDirectory) return { directory: destination.path, rename: null };
  if (destination.exists && source.isDirectory) throw new StatusError("cannot copy directory");
  if (!destination.exists && !source.isDirectory && assertsDirectory(destination.path)) throw new StatusError("no such directory");
  return { directory, rename: { from: sourceName, to: name } };
}

/** The name of a tar's entry under the plan. */
export function renamedEntry(name: string, { rename }: CopyPlan): string {
  if (!rename || rename.from === rename.to) return name;
  if (rename.from === "/") return `${rename.to}/${name}`.replaceAll(/\/{2,}/g, "/");
  const plain = rename.from === "." ? name : name.replace(/^\.\//, "");
  if (plain === rename.from || plain === `${rename.from}/`) return rename.to;
  return plain.startsWith(`${rename.from}/`) ? `${rename.to}${plain.slice(rename.from.length)}` : name;
}

/** Folder and name of a path, where `a/.` has the name `.`, and the root the name `/`. */
export function splitEntry(path: string): [folder: string, name: string] {
  if (path === "") return [".", "."];
  if (path === "/" || path === "/.") return ["/", path === "/" ? "/" : "."];
  if (path.endsWith("/.")) return [path.slice(0, -1).replace(/(.)\/$/, "$1"), "."];
  return [dirname(path), basename(path)];
}

function assertsDirectory(path: string): boolean {
  return path.endsWith("/") || path.endsWith("/.") || path === ".";
}

/** Joins like `path.join`, but keeps a trailing `/` or `/.`, which say that a directory is meant. */
export function keepTrailing(resolved: string, original: string): string {
  if ((original.endsWith("/.") || original === ".") && !resolved.endsWith("/.")) return resolved === "/" ? "/." : `${resolved}/.`;
  if (original.endsWith("/") && !resolved.endsWith("/")) return `${resolved}/`;
  return resolved;
}
