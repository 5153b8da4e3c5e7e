import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Bytes of everything but directories below `directory`, as Docker counts them: symlinks by their targets' lengths, a file with several names once. */
export function directorySize(directory: string): number {
  let size = 0;
  const counted = new Set<string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        walk(path);
        continue;
      }
      const stats = lstatSync(path);
      const inode = `${stats.dev}:${stats.ino}`;
      if (stats.nlink > 1 && counted.has(inode)) continue;
      counted.add(inode);
      size += stats.size;
    }
  };
  walk(directory);
  return size;
}
