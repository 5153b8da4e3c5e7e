import { chmodSync, lchownSync, lstatSync, mkdirSync, readlinkSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { isWhiteout, setOpaque } from "./overlay-marks.ts";

/** As the kernel's own limit on links in one path. */
const linkLimit = 40;

/**
 * An archive's name as a path below the root: `/a/./b` is `a` and `b`, the root itself has an empty base.
 * @throws InvalidArgumentError when it leads out by `..`.
 */
export function pathInside(name: string): { readonly parent: string; readonly base: string } {
  if (name.includes("\0")) throw new InvalidArgumentError(`invalid name ${JSON.stringify(name)} in archive`);
  const parts: string[] = [];
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw new InvalidArgumentError(`${JSON.stringify(name)} is outside of the archive's root`);
  }
  return { base: parts.pop() ?? "", parent: parts.join("/") };
}

/** Finds and makes directories below `root`, resolving symlinks on the way as if `root` were `/`. */
export class ScopedDirectory {
  readonly #root: string;
  readonly #kernel: Kernel;
  readonly #lower: readonly string[];
  readonly #known = new Map<string, string>();

  constructor(root: string, kernel: Kernel, lower: readonly string[]) {
    this.#root = root;
    this.#kernel = kernel;
    this.#lower = lower;
  }

  /** To be called when a symlink was made or a directory removed: what was resolved before may lead elsewhere now. */
  forget(): void {
    this.#known.clear();
  }

  /** The real path, free of symlinks, of a directory that is made when missing. @throws InvalidArgumentError when it is no directory. */
  directory(path: string): string {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    let current = this.#root;
    let links = 0;
    const pending = path.split("/").reverse();
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (current !== this.#root) current = dirname(current);
        continue;
      }
      const next = join(current, part);
      const stats = lstatSync(next, { throwIfNoEntry: false });
      if (stats?.isSymbolicLink()) {
        if (++links > linkLimit) throw new InvalidArgumentError(`too many levels of symbolic links in ${JSON.stringify(path)}`);
        const target = readlinkSync(next);
        if (target.startsWith("/")) current = this.#root;
        pending.push(...target.split("/").reverse());
        continue;
      }
      if (!stats) this.#imply(next);
      else if (isWhiteout(stats)) {
        unlinkSync(next);
        mkdirSync(next, 0o755);
        setOpaque(this.#kernel, next);
      } else if (!stats.isDirectory()) throw new InvalidArgumentError(`${JSON.stringify(path)} in archive: not a directory`);
      current = next;
    }
    this.#known.set(path, current);
    return current;
  }

  /** A directory that no entry describes looks as in the layer below, or else like any. */
  #imply(directory: string): void {
    mkdirSync(directory, 0o755);
    chmodSync(directory, 0o755);
    const relative = directory.slice(this.#root.length);
    for (const layer of this.#lower) {
      const stats = lstatSync(layer + relative, { throwIfNoEntry: false, bigint: true });
      if (!stats) continue;
      if (!stats.isDirectory()) return;
      lchownSync(directory, Number(stats.uid), Number(stats.gid));
      chmodSync(directory, Number(stats.mode & 0o7777n));
      this.#kernel.setTimes(directory, stats.mtimeNs, stats.mtimeNs);
      return;
    }
  }
}
