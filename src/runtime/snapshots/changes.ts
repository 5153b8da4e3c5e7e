import { lstatSync, readdirSync, type BigIntStats } from "node:fs";
import { join } from "node:path";
import { TakingTurns } from "../../base/taking-turns.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { lookup, namesIn, type MergedDirectory, type MergedEntry } from "./merged-lower.ts";
import { isOpaque, isWhiteout } from "./overlay-marks.ts";
import type { Change } from "./snapshotter.ts";

/**
 * What an overlay's upper directory changes in the layers below (topmost first), as `docker diff` has it: what was copied up without
 * a difference is no change, a removed directory is one line, and the directories above a change are `changed`. Sorted by path.
 */
export async function changesOf(kernel: Kernel, upper: string, lower: MergedDirectory): Promise<readonly Change[]> {
  const changes: Change[] = [];
  await compare({ kernel, turns: new TakingTurns() }, upper, "", lower, changes);
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function compare(
  context: { readonly kernel: Kernel; readonly turns: TakingTurns },
  upper: string,
  path: string,
  lower: MergedDirectory,
  changes: Change[],
): Promise<void> {
  const { kernel, turns } = context;
  const names = readdirSync(upper);
  for (const name of names) {
    const file = join(upper, name);
    const child = `${path}/${name}`;
    const due = turns.pause();
    if (due) await due;
    const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
    // A running container may have removed it meanwhile.
    if (!stats) continue;
    const old = lookup(kernel, lower, name);
    if (isWhiteout(stats)) {
      if (old) changes.push({ path: child, kind: "deleted" });
      continue;
    }
    const before = changes.length;
    let kind: Change["kind"] | null = null;
    if (!old) kind = "added";
    else if (differs(kernel, file, stats, old)) kind = "changed";
    if (stats.isDirectory()) await compare(context, file, child, old?.directory ?? [], changes);
    if (kind === null && changes.length > before) kind = "changed";
    if (kind) changes.push({ path: child, kind });
  }
  // An opaque directory replaced the one below: whatever it has not got again is gone.
  if (lower.length > 0 && isOpaque(kernel, upper)) {
    const kept = new Set(names);
    for (const name of namesIn(kernel, lower)) if (!kept.has(name)) changes.push({ path: `${path}/${name}`, kind: "deleted" });
  }
}

/** As moby's `statDifferent`: of directories neither size nor time counts. */
function differs(kernel: Kernel, file: string, stats: BigIntStats, old: MergedEntry): boolean {
  const was = old.stats;
  if (stats.mode !== was.mode || stats.uid !== was.uid || stats.gid !== was.gid || stats.rdev !== was.rdev) return true;
  if (stats.isDirectory()) return false;
  if (stats.size !== was.size || !sameTime(stats.mtimeNs, was.mtimeNs)) return true;
  return stats.isFile() && hex(kernel.getXattr(file, "security.capability")) !== hex(kernel.getXattr(old.path, "security.capability"));
}

/** A time that went through a tar has lost its fraction of a second. */
function sameTime(a: bigint, b: bigint): boolean {
  const second = 1_000_000_000n;
  return a === b || (a / second === b / second && (a % second === 0n || b % second === 0n));
}

function hex(value: Uint8Array | null): string {
  return value === null ? "" : Buffer.from(value).toString("hex");
}
