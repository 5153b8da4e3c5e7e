import { createHash, type Hash } from "node:crypto";
import { createReadStream, lstatSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";
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
}

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
      const pattern = globPattern(clean);
      for (const path of await pathsBelow(tree.root, clean.split("/").length)) {
        if (pattern.test(path)) found.push(await findOne(host, keyword, path, tree));
      }
    } else found.push(await findOne(host, keyword, clean, tree));
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

/** Go's filepath.Match: `*` and `?` stop at `/`. */
export function globPattern(glob: string): RegExp {
  const body = glob.replace(
    /\\(.)|\*|\?|\[(\^?)((?:\\.|[^\]])*)\]|[.+(){}|^$\]]/g,
    (match: string, escaped?: string, not?: string, set?: string) => {
      if (escaped !== undefined) return `\\u{${(escaped.codePointAt(0) ?? 0).toString(16)}}`;
      if (match === "*") return "[^/]*";
      if (match === "?") return "[^/]";
      if (set !== undefined) return `[${not}${set.replaceAll("[", "\\[").replaceAll("&", "\\&")}]`;
      return `\\${match}`;
    },
  );
  try {
    return new RegExp(`^${body}$`, "u");
  } catch (error) {
    throw new InvalidArgumentError(`syntax error in pattern ${JSON.stringify(glob)}`, { cause: error });
  }
}

/** Names content as dockerd does, `file:HASH`, `dir:HASH`, `multi:HASH`; times are no part of it, names, modes, owners and bytes are. */
export async function contentName(sources: readonly CopySource[]): Promise<string> {
  const hashes: string[] = [];
  for (const { name, path, isDirectory, isMade } of sources) {
    const hash = createHash("sha256");
    await addToHash(hash, path, isMade ? name : "", new TakingTurns());
    hashes.push(`${isDirectory ? "dir" : "file"}:${hash.digest("hex")}`);
  }
  const [first = ""] = hashes;
  return hashes.length === 1 ? first : `multi:${createHash("sha256").update(hashes.join(",")).digest("hex")}`;
}

/** Smaller files are read at once: a stream for each takes many times as long. */
const smallSize = 256 << 10;

async function addToHash(hash: Hash, path: string, name: string, turns: TakingTurns): Promise<void> {
  const due = turns.pause();
  if (due) await due;
  const stat = lstatSync(path);
  // The root of a directory is made anew at the destination, but its mode goes along.
  hash.update(JSON.stringify([name, stat.mode, stat.uid, stat.gid, stat.isDirectory() ? 0 : stat.size, stat.rdev]));
  if (stat.isSymbolicLink()) hash.update(readlinkSync(path));
  else if (stat.isFile() && stat.size <= smallSize) hash.update(readFileSync(path));
  else if (stat.isFile()) for await (const chunk of createReadStream(path, { highWaterMark: 512 << 10 })) hash.update(chunk as Buffer);
  else if (stat.isDirectory()) {
    for (const child of readdirSync(path).toSorted()) await addToHash(hash, join(path, child), posix.join(name, child), turns);
  }
}
