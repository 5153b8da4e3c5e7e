import type { Readable } from "node:stream";

/**
 * The files of whoever runs the command, as far as most commands need them: whole files by name. Paths are absolute or relative to the
 * caller's working directory. Every method throws an Error with the system's `code` (`ENOENT`, …).
 */
export interface CallerFiles {
  /** What a path leads to, links followed. */
  kindOf(path: string): Promise<"file" | "directory" | "other">;
  /** A file's bytes from its beginning; it is open when this resolves. */
  read(path: string): Promise<Readable>;
  /** Writes a file that only its owner may read, which appears whole or not at all. */
  write(path: string, source: Readable): Promise<void>;
}
