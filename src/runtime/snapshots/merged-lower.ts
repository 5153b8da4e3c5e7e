import { lstatSync, readdirSync, type BigIntStats } from "node:fs";
import { join } from "node:path";
import { hasErrno } from "../../base/errors.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { isOpaque, isWhiteout } from "./overlay-marks.ts";

/** One directory as overlayfs would show it: the directories that it is merged from, topmost first. */
export type MergedDirectory = readonly string[];

/** What a merged directory shows under a name; `directory` when that is a directory. */
export interface MergedEntry {
  readonly path: string;
  readonly stats: BigIntStats;
  readonly directory: MergedDirectory | null;
}

/** What a merged directory shows, sorted by name; each entry is looked up when its turn comes. */
export function* entriesOf(kernel: Kernel, merged: MergedDirectory): Generator<MergedEntry & { readonly name: string }, void> {
  const layersOf = new Map<string, string[]>();
  for (const layer of merged) {
    for (const name of namesOf(layer)) {
      const layers = layersOf.get(name);
      if (layers) layers.push(layer);
      else layersOf.set(name, [layer]);
    }
  }
  for (const [name, layers] of [...layersOf].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const entry = lookup(kernel, layers, name);
    if (entry) yield { name, ...entry };
  }
}

/** None when a running container has removed it meanwhile. */
function namesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  }
}

/** Looks `name` up in the layers, without mounting them; null when there is none or a whiteout hides it. */
export function lookup(kernel: Kernel, merged: MergedDirectory, name: string): MergedEntry | null {
  let top: { path: string; stats: BigIntStats } | null = null;
  const directories: string[] = [];
  for (const layer of merged) {
    const path = join(layer, name);
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (!stats) continue;
    // Under a directory, a lower file or whiteout ends the merge.
    if (isWhiteout(stats) || (top && !stats.isDirectory())) break;
    top ??= { path, stats };
    if (!stats.isDirectory()) break;
    directories.push(path);
    // Below the last there is nothing to hide.
    if (layer !== merged.at(-1) && isOpaque(kernel, path)) break;
  }
  return top && { ...top, directory: top.stats.isDirectory() ? directories : null };
}

/** The names that a merged directory shows. */
export function namesIn(kernel: Kernel, merged: MergedDirectory): readonly string[] {
  const names = new Set<string>();
  for (const layer of merged) for (const name of readdirSync(layer)) names.add(name);
  return [...names].filter((name) => lookup(kernel, merged, name) !== null);
}
