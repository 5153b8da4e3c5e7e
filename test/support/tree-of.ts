import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../src/oci/digest.ts";

/** Everything below a folder, a line each: to compare what was there before with what is there after. */
export function treeOf(folder: string, prefix = ""): readonly string[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      const line = `${prefix}${name} ${stats.mode.toString(8)}`;
      if (stats.isDirectory()) return [line, ...treeOf(path, `${prefix}${name}/`)];
      if (stats.isSymbolicLink()) return [`${line} -> ${readlinkSync(path)}`];
      return [stats.isFile() ? `${line} ${digestOf(readFileSync(path))}` : line];
    });
}
