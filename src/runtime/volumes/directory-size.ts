import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes in the files below `directory`; hard links count once a name. */
export async function directorySize(directory: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) size += (await lstat(join(entry.parentPath, entry.name))).size;
  }
  return size;
}
