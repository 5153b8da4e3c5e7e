import { lstatSync, readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { hasErrno } from "../../base/errors.ts";
import { TakingTurns } from "../../base/taking-turns.ts";

/**
 * Removes a file or a directory with all that is in it, letting others have their turn meanwhile; nothing when it is not there.
 * Node's own `rm` has all of a tree's removals under way at once, which for 100,000 files takes 100 MB.
 */
export async function removeTree(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) unlinkSync(path);
  else await removeDirectory(path, new TakingTurns());
}

async function removeDirectory(directory: string, turns: TakingTurns): Promise<void> {
  const entries = tolerant(() => readdirSync(directory, { withFileTypes: true })) ?? [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await removeDirectory(path, turns);
    else tolerant(() => unlinkSync(path));
    const due = turns.pause();
    if (due) await due;
  }
  tolerant(() => rmdirSync(directory));
}

/** Somebody else may be removing the same. */
function tolerant<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return null;
    throw error;
  }
}
