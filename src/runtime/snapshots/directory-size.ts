import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { TakingTurns } from "../../base/taking-turns.ts";

/** Bytes of everything but directories below `directory`, as Docker counts them: symlinks by their targets' lengths, a file with several names once. */
export async function directorySize(directory: string): Promise<number> {
  let size = 0;
  const counted = new Set<string>();
  const turns = new TakingTurns();
  const folders = [directory];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        folders.push(path);
        continue;
      }
      const due = turns.pause();
      if (due) await due;
      const stats = lstatSync(path, { throwIfNoEntry: false });
      // A running container may have removed it meanwhile.
      if (!stats) continue;
      if (stats.nlink > 1) {
        const inode = `${stats.dev}:${stats.ino}`;
        if (counted.has(inode)) continue;
        counted.add(inode);
      }
      size += stats.size;
    }
  }
  return size;
}
