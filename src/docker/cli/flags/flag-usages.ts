import type { FlagSet, FlagSpec } from "./flags.ts";

/** The `Options:` lines of help, wrapped to `columns` as pflag's FlagUsagesWrapped does. */
export function flagUsages(flags: FlagSet, columns: number): string {
  const lines = Object.entries(flags)
    .filter(([, flag]) => flag.hidden !== true)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, flag]) => ({
      head: headOf(name, flag),
      text: flag.usage + (flag.shownDefault === undefined ? "" : ` (default ${flag.shownDefault})`),
    }));
  const widest = Math.max(0, ...lines.map(({ head }) => head.length));
  return lines.map(({ head, text }) => `${head.padEnd(widest)}   ${wrap(widest + 3, columns, text)}\n`).join("");
}

function headOf(name: string, flag: FlagSpec): string {
  const names = flag.short === undefined ? `      --${name}` : `  -${flag.short}, --${name}`;
  const bare = flag.bare !== undefined && flag.bare !== "true" ? `[=${flag.bare}]` : "";
  return names + (flag.type === "" ? "" : ` ${flag.type}`) + bare;
}

/** Lets the last line run over by this much rather than leave one word alone on a line. */
const SLOP = 5;

function wrap(indent: number, columns: number, text: string): string {
  let start = "";
  let left = indent;
  if (columns - left < 24) {
    left = 16;
    start = `\n${" ".repeat(left)}`;
    if (columns - left < 24) return text.replaceAll("\n", start);
  }
  const newline = `\n${" ".repeat(left)}`;
  const lines: string[] = [];
  for (let rest: string | null = text; rest !== null;) {
    const [line, after]: [string, string | null] = takeLine(columns - left - SLOP, rest);
    lines.push(line.replaceAll("\n", newline));
    rest = after;
  }
  return start + lines.join(newline);
}

function takeLine(width: number, text: string): [line: string, rest: string | null] {
  if (width + SLOP > text.length) return [text, null];
  const head = text.slice(0, width);
  const space = Math.max(head.lastIndexOf(" "), head.lastIndexOf("\t"), head.lastIndexOf("\n"));
  if (space <= 0) return [text, null];
  const newline = head.lastIndexOf("\n");
  const at = newline > 0 && newline < space ? newline : space;
  const rest = text.slice(at + 1);
  return [text.slice(0, at), rest === "" ? null : rest];
}
