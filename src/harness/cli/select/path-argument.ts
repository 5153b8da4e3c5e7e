import { existsSync } from "node:fs";

/** A file or folder as it stands on the command line, and the line of a file that is meant, counted from 1. */
export interface PathArgument {
  readonly path: string;
  readonly line: number | null;
}

/** Reads `file`, `file:line` or, as messages have it, `file:line:column`. What is there under its whole name is that. */
export function parsePathArgument(text: string): PathArgument {
  const [, path, line] = /^(.+?):([1-9]\d{0,8})(?::\d+)?$/.exec(text) ?? [];
  if (path === undefined || line === undefined || existsSync(text)) return { path: text, line: null };
  return { path, line: Number(line) };
}
