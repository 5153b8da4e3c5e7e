import stringWidth from "string-width";

/** How much of a line is shown, in characters. */
const SHOWN = 120;

/** The line and a caret below the word at `column` (from 1), as compilers show them; long lines around the word alone. */
export function excerptOf(text: string, line: number, column: number): string {
  const from = Math.max(0, Math.min(column - 1 - SHOWN / 2, text.length - SHOWN));
  const lead = from > 0 ? "…" : "";
  const shown = printable(text.slice(from, from + SHOWN));
  const word = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s:,[\]{}]+)/.exec(text.slice(column - 1))?.[0] ?? "";
  const room = Math.max(1, from + SHOWN - (column - 1));
  const margin = " ".repeat(String(line).length);
  // Tabs stand under tabs, and wide characters take two columns.
  const indent = `${lead && " "}${printable(text.slice(from, column - 1)).replaceAll(/[^\t]+/g, (part) => " ".repeat(stringWidth(part)))}`;
  const carets = "^".repeat(Math.max(1, stringWidth(printable(word.slice(0, room)))));
  return `  ${line} | ${lead}${shown}${from + SHOWN < text.length ? "…" : ""}\n  ${margin} | ${indent}${carets}`;
}

/** A file may hold what would play with the reader's terminal. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this replaces
  return text.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
