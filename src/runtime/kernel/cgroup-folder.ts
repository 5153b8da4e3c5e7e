import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { hasErrno, reasonOf, SetupError } from "../../base/errors.ts";

/** One directory of a cgroup file system. Its files are the kernel's, answer at once, and are read and written synchronously. */
export class CgroupFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether directories can be made in it. */
  get isWritable(): boolean {
    try {
      accessSync(this.path, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  }

  /** The directory `name` in this one, made if need be. */
  child(name: string): CgroupFolder {
    const path = join(this.path, name);
    try {
      mkdirSync(path);
    } catch (error) {
      if (!hasErrno(error, "EEXIST")) throw error;
    }
    return new CgroupFolder(path);
  }

  /** A file's text without its last newline; null where this kernel has no such file. */
  read(file: string): string | null {
    try {
      return readFileSync(join(this.path, file), "utf8").replace(/\n$/, "");
    } catch {
      return null;
    }
  }

  /** A file that is one number; 0 for what is not there or is `max`. */
  number(file: string): number {
    return Number(this.read(file)) || 0;
  }

  /** A file with a name and a number on each line. */
  table(file: string): Readonly<Record<string, number>> {
    const rows = (this.read(file) ?? "").split("\n").map((line) => line.split(" "));
    return Object.fromEntries(rows.flatMap(([name, value]) => (name && value !== undefined ? [[name, Number(value)]] : [])));
  }

  has(file: string): boolean {
    return this.read(file) !== null;
  }

  /** @throws SetupError, naming the file. */
  write(file: string, value: number | string): void {
    try {
      writeFileSync(join(this.path, file), String(value));
    } catch (error) {
      const place = join(this.path, file);
      throw new SetupError(`failed to write ${JSON.stringify(String(value))}: write ${place}: ${reasonOf(error)}`, { cause: error });
    }
  }

  /** Removes it with what is in it. Its last processes may still be on their way out, so this tries for a while. */
  async remove(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        return removeTree(this.path);
      } catch (error) {
        if (hasErrno(error, "ENOENT")) return;
        if (tries === 100 || !hasErrno(error, "EBUSY")) throw error;
      }
      await setTimeout(Math.min(1 + tries, 20));
    }
  }
}

function removeTree(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!hasErrno(error, "EBUSY")) throw error;
    const inner = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    if (inner.length === 0) throw error;
    for (const entry of inner) removeTree(join(path, entry.name));
    rmdirSync(path);
  }
}
