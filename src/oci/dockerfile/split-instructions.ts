import { InvalidArgumentError } from "../../base/errors.ts";
import { processWord, splitWords } from "./process-word.ts";

/** A here-document of RUN, COPY or ADD. */
export interface Heredoc {
  /** Its end word, which is also what COPY calls the file. */
  readonly name: string;
  /** Its lines, each with its line end; of `<<-` without their leading tabs. */
  readonly content: string;
  /** Whether variables in it are expanded: its end word stood without quotes. */
  readonly expands: boolean;
}

/** One instruction as it stands in the file, lines counted from 1. */
export interface RawInstruction {
  /** On one line: continuations joined, comments and empty lines between left out; without the here-documents' lines. */
  readonly text: string;
  readonly heredocs: readonly Heredoc[];
  readonly start: number;
  readonly end: number;
}

export interface SplitDockerfile {
  readonly escape: "\\" | "`";
  readonly instructions: readonly RawInstruction[];
}

/** What is wrong at some lines, counted from 1. */
export class SyntaxFault extends InvalidArgumentError {
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end = start) {
    super(message);
    this.start = start;
    this.end = end;
  }
}

/**
 * Splits a Dockerfile into its instructions by BuildKit's rules: parser directives (`# escape=`, others are read past), comments, continued
 * lines, here-documents, a byte order mark, Windows line ends.
 * @throws SyntaxFault for a directive that is wrong and a here-document without an end.
 */
export function splitInstructions(source: string): SplitDockerfile {
  const lines = source.replace(/^\uFEFF/, "").split(/\r?\n/);
  // What follows the last line end is no line.
  if (lines.at(-1) === "") lines.pop();
  const escape = escapeDirective(lines);
  const continued = escape === "\\" ? /(^|[^\\])\\[ \t]*$/ : /(^|[^`])`[ \t]*$/;
  const instructions: RawInstruction[] = [];
  for (let at = 0; at < lines.length;) {
    const start = at;
    if (isBlank(lines[at] ?? "")) {
      at += 1;
      continue;
    }
    const pieces: string[] = [];
    for (let more = true; more && at < lines.length; at++) {
      const line = at === start ? (lines[at] ?? "").trimStart() : (lines[at] ?? "");
      if (at > start && isBlank(line)) continue;
      more = continued.test(line);
      pieces.push(more ? line.replace(continued, "$1") : line);
    }
    const text = pieces.join("").trimEnd();
    const heredocs: Heredoc[] = [];
    for (const { name, expands, chomps } of heredocMarks(text, escape)) {
      const body: string[] = [];
      for (;;) {
        const line = lines[at];
        if (line === undefined) throw new SyntaxFault("unterminated heredoc", start + 1, lines.length);
        at += 1;
        const own = chomps ? line.replace(/^\t+/, "") : line;
        if (own === name) break;
        body.push(`${own}\n`);
      }
      heredocs.push({ name, expands, content: body.join("") });
    }
    if (text !== "") instructions.push({ text, heredocs, start: start + 1, end: at });
  }
  return { escape, instructions };
}

/** A word of COPY, ADD or RUN that begins a here-document, `<<EOF`, or null. */
export function heredocMark(
  word: string,
  escape = "\\",
): { readonly name: string; readonly expands: boolean; readonly chomps: boolean } | null {
  const [, , chomp = "", rest = ""] = /^(\d*)<<(-?)([^<]+)$/.exec(word) ?? [];
  if (rest === "") return null;
  try {
    const name = processWord(rest, () => "", escape);
    return name === "" || /[\n$]/.test(rest) ? null : { name, expands: name === rest, chomps: chomp === "-" };
  } catch {
    // Quotes that are not closed: some other word.
    return null;
  }
}

function heredocMarks(text: string, escape: string): readonly NonNullable<ReturnType<typeof heredocMark>>[] {
  // ONBUILD keeps those of its trigger.
  if (!/^(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s/i.test(text) || !text.includes("<<")) return [];
  return splitWords(text, escape).flatMap((word) => heredocMark(word, escape) ?? []);
}

function isBlank(line: string): boolean {
  return /^\s*(?:#|$)/.test(line);
}

/** Directives stand in front of everything else, comments too. */
function escapeDirective(lines: readonly string[]): "\\" | "`" {
  const seen = new Set<string>();
  let escape: "\\" | "`" = "\\";
  for (const [index, line] of lines.entries()) {
    const [, name = "", value = ""] = /^\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+)$/.exec(line.trimEnd()) ?? [];
    const directive = name.toLowerCase();
    if (!["escape", "syntax", "check"].includes(directive)) return escape;
    if (seen.has(directive)) throw new SyntaxFault(`only one ${directive} parser directive can be used`, index + 1);
    seen.add(directive);
    if (directive !== "escape") continue;
    if (value !== "\\" && value !== "`") throw new SyntaxFault(`invalid ESCAPE '${value}'. Must be \` or \\`, index + 1);
    escape = value;
  }
  return escape;
}
