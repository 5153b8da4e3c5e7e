import { createHash, type Hash } from "node:crypto";
import { createReadStream, lstatSync, readFileSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { globMatcher } from "../../base/glob.ts";
import { TakingTurns } from "../../base/taking-turns.ts";
import type { BuildHost } from "./build-host.ts";

/** One source of COPY or ADD that is there. */
export interface CopySource {
  /** What it is called in the Dockerfile, or what a wildcard found. */
  readonly name: string;
  /** Where it is, symlinks followed. */
  readonly path: string;
  readonly isDirectory: boolean;
  /** Made by the build itself, from a here-document or an address: it belongs to root, and is no archive. */
  readonly isMade?: boolean;
  /** With `--parents`: the tree below which its name keeps its folders at the destination. */
  readonly parentsIn?: string;
}

/** Whether a path below its source is left out; of a file that is its own source, its name. */
export type LeavesOut = (path: string) => boolean;

/** A source that is not there; `reason` is what BuildKit says of it. */
export class MissingSourceError extends InvalidArgumentError {
  readonly reason: string;

  constructor(message: string, reason: string) {
    super(message);
    this.reason = reason;
  }
}

export interface SourceTree {
  readonly root: string;
  /** Whether it is the build context rather than another image. */
  readonly isContext: boolean;
  /** `..` ends at the root of the tree rather than being refused. */
  readonly isForgiving?: boolean;
}

/**
 * Finds the sources that COPY and ADD name in a tree; nothing outside of it is reached, by `..` or by symlinks.
 * @throws InvalidArgumentError with dockerd's `COPY failed: …`.
 */
export async function findSources(
  host: BuildHost,
  keyword: string,
  names: readonly string[],
  tree: SourceTree,
): Promise<readonly CopySource[]> {
  const found: CopySource[] = [];
  for (const name of names) {
    const clean = (tree.isForgiving ? posix.resolve("/", name) : posix.normalize(name)).replace(/^\/+/, "").replace(/\/$/, "") || ".";
    if (clean === ".." || clean.startsWith("../")) {
      throw new InvalidArgumentError(`${keyword} failed: forbidden path outside the build context: ${name} ()`);
    }
    if (/[*?[\\]/.test(clean)) {
      const matches = namePattern(clean);
      for (const path of await pathsBelow(tree.root, clean.split("/").length)) {
        if (matches(path)) found.push(await findOne(host, keyword, path, tree));
      }
    } else found.push(await findOne(host, keyword, clean, tree));
  }
  return found;
}

/**
 * Finds what `--parents` copies: everything below the part before a `/./`, or below the root, that the rest of the name matches. Links are
 * copied, not followed, and `**` stands for any number of folders.
 */
export async function findWithParents(host: BuildHost, name: string, tree: SourceTree): Promise<readonly CopySource[]> {
  const pivot = name.indexOf("/./");
  const clean = (text: string): string => posix.resolve("/", text).slice(1);
  const [base, pattern] = pivot < 0 ? ["", clean(name)] : [clean(name.slice(0, pivot)), clean(name.slice(pivot + 3))];
  const missing = new MissingSourceError(
    `stat ${name}: file does not exist`,
    `${JSON.stringify(`/${posix.join(base, pattern)}`)}: not found`,
  );
  const place = await host.resolve(tree.root, base, { followLast: true });
  if (!place.isDirectory) throw missing;
  const found: CopySource[] = [];
  const depth = pattern.split("/").includes("**") ? Number.POSITIVE_INFINITY : pattern.split("/").length;
  const isPattern = /[*?[\\]/.test(pattern);
  const matching = isPattern ? (await pathsBelow(place.path, depth)).filter(namePattern(pattern)) : [pattern];
  for (const path of matching) {
    // What is in a folder that was found goes along with it.
    if (found.some((one) => one.isDirectory && path.startsWith(`${one.name}/`))) continue;
    const source = await host.resolve(place.path, path, { followLast: false });
    if (!source.exists) throw missing;
    found.push({ name: path, path: source.path, isDirectory: source.isDirectory, parentsIn: place.path });
  }
  return found;
}

async function findOne(host: BuildHost, keyword: string, name: string, { root, isContext }: SourceTree): Promise<CopySource> {
  const place = await host.resolve(root, name, { followLast: true });
  if (!place.exists) {
    const where = isContext ? "file not found in build context or excluded by .dockerignore: " : "";
    throw new MissingSourceError(
      `${keyword} failed: ${where}stat ${name}: file does not exist`,
      `${JSON.stringify(`/${name}`)}: not found`,
    );
  }
  return { name, path: place.path, isDirectory: place.isDirectory };
}

/** Every path down to a depth, sorted, without following symlinks. */
async function pathsBelow(root: string, depth: number, prefix = ""): Promise<readonly string[]> {
  const entries = await readdir(join(root, prefix), { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = posix.join(prefix, entry.name);
    paths.push(path);
    if (depth > 1 && entry.isDirectory()) paths.push(...(await pathsBelow(root, depth - 1, path)));
  }
  return paths;
}

/** A name's pattern. @throws InvalidArgumentError for what is none. */
function namePattern(glob: string): (path: string) => boolean {
  try {
    return globMatcher(glob, { deep: true });
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)} ${JSON.stringify(glob)}`, { cause: error });
  }
}

/** Names content as dockerd does, `file:HASH`, `dir:HASH`, `multi:HASH`; times are no part of it, names, modes, owners and bytes are. */
export async function contentName(sources: readonly CopySource[], leavesOut: LeavesOut = () => false): Promise<string> {
  const hashes: string[] = [];
  for (const { name, path, isDirectory, isMade, parentsIn } of sources) {
    const hash = createHash("sha256");
    if (parentsIn !== undefined) for (const folder of foldersAbove(name)) addEntry(hash, join(parentsIn, folder), folder);
    const hides = isDirectory ? leavesOut : (): boolean => leavesOut(posix.basename(name));
    await addToHash({ hash, leavesOut: hides, turns: new TakingTurns() }, path, isMade ? name : "", "");
    hashes.push(`${isDirectory ? "dir" : "file"}:${hash.digest("hex")}`);
  }
  const [first = ""] = hashes;
  return hashes.length === 1 ? first : `multi:${createHash("sha256").update(hashes.join(",")).digest("hex")}`;
}

/** Smaller files are read at once: a stream for each takes many times as long. */
const smallSize = 256 << 10;

/** `a`, `a/b` of `a/b/c`. */
export function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

interface Hashing {
  readonly hash: Hash;
  readonly leavesOut: LeavesOut;
  readonly turns: TakingTurns;
}

/** `name` is what it is known by, `below` its path below the source. */
async function addToHash(hashing: Hashing, path: string, name: string, below: string): Promise<void> {
  const { hash, leavesOut, turns } = hashing;
  const due = turns.pause();
  if (due) await due;
  const stat = addEntry(hash, path, name);
  if (!stat.isDirectory() && below === "" && leavesOut(name)) return void hash.update("left out");
  if (stat.isSymbolicLink()) hash.update(readlinkSync(path));
  else if (stat.isFile() && stat.size <= smallSize) hash.update(readFileSync(path));
  else if (stat.isFile()) for await (const chunk of createReadStream(path, { highWaterMark: 512 << 10 })) hash.update(chunk as Buffer);
  else if (stat.isDirectory()) {
    for (const child of readdirSync(path).toSorted()) {
      const childBelow = posix.join(below, child);
      if (!leavesOut(childBelow)) await addToHash(hashing, join(path, child), posix.join(name, child), childBelow);
    }
  }
}

function addEntry(hash: Hash, path: string, name: string): Stats {
  const stat = lstatSync(path);
  // The root of a directory is made anew at the destination, but its mode goes along.
  hash.update(JSON.stringify([name, stat.mode, stat.uid, stat.gid, stat.isDirectory() ? 0 : stat.size, stat.rdev]));
  return stat;
}
