import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { CallerFiles } from "./caller-files.ts";

/** The files that this process sees, with relative paths from `cwd`. */
export function localFiles(cwd: string): CallerFiles {
  return {
    async kindOf(path) {
      const stats = await stat(resolve(cwd, path));
      if (stats.isDirectory()) return "directory";
      return stats.isFile() ? "file" : "other";
    },
    async read(path) {
      const file = await open(resolve(cwd, path), "r");
      return createReadStream("", { fd: file, autoClose: true, highWaterMark: 512 << 10 });
    },
    async write(path, source) {
      // Few commands write: to load it takes the others longer than all else of theirs.
      const { randomBytes } = process.getBuiltinModule("node:crypto");
      const target = resolve(cwd, path);
      const temporary = `${target}.${randomBytes(4).toString("hex")}.tmp`;
      try {
        await pipeline(source, createWriteStream(temporary, { flags: "wx", mode: 0o600 }));
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
  };
}
