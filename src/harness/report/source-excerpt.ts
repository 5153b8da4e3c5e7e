import { readFileSync } from "node:fs";
import stringWidth from "string-width";
import type { ExplainedLine } from "./explain.ts";
import type { Location } from "./report.ts";
import { visibleText } from "./visible-text.ts";

/** The lines of a scenario file; null when it cannot be read any more. */
export type LinesOf = (file: string) => readonly string[] | null;

/** Reads each file once. */
export function linesOfFiles(): LinesOf {
  const known = new Map<string, readonly string[] | null>();
  return (file) => {
    let lines = known.get(file);
    if (lines === undefined) {
      try {
        lines = readFileSync(file, "utf8").split(/\r?\n/);
      } catch {
        lines = null;
      }
      known.set(file, lines);
    }
    return lines;
  };
}

/** A place in a file, as compilers show it: `--> file:line:column`, the line, and carets below the word that is meant. */
export function excerpt({ file, line, column }: Location, linesOf: LinesOf): readonly ExplainedLine[] {
  const place: ExplainedLine = { kind: "quiet", text: `--> ${file}:${line}:${column}` };
  const text = linesOf(file)?.[line - 1];
  if (text === undefined) return [place];
  const number = String(line);
  const margin = " ".repeat(number.length);
  const before = visibleText(text.slice(0, column - 1));
  const word = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s:,[\]{}]+)/.exec(text.slice(column - 1))?.[0] ?? "";
  // Tabs stand under tabs, and wide characters take two columns.
  const indent = before.replace(/[^\t]+/g, (part) => " ".repeat(stringWidth(part)));
  return [
    place,
    { kind: "quiet", text: `${margin} |` },
    { kind: "quiet", text: `${number} | ${visibleText(text)}` },
    { kind: "quiet", text: `${margin} | ${indent}${"^".repeat(Math.max(1, stringWidth(visibleText(word))))}` },
  ];
}
