import { structuredPatch } from "diff";
import { textIn } from "../plan/describe.ts";
import type { Location, Problem } from "./report.ts";
import type { Language } from "./reporter.ts";

/** A line of an explanation; reporters with colours give each kind its own. */
export interface ExplainedLine {
  readonly kind: "plain" | "expected" | "actual" | "quiet" | "help";
  readonly text: string;
}

const LONGEST_DIFF = 60;
/** More of a line is shown of no program's output. */
const LONGEST_LINE = 1_000;
/** Of longer texts no more lines than these, from the first that differs, are compared: all would take the square of their number. */
const COMPARED_LINES = 1_000;
const WORDS = {
  en: { colon: ": ", expected: "expected", actual: "actual  ", hint: "hint", more: "more lines" },
  zh: { colon: "：", expected: "期望", actual: "实际", hint: "提示", more: "行未显示" },
} as const;

/** A place in the author's file, in lines. */
export type ShowPlace = (location: Location) => readonly ExplainedLine[];

const plainPlace: ShowPlace = ({ file, line, column }) => [{ kind: "quiet", text: `at ${file}:${line}:${column}` }];

/** Why, in a language; in English in reports from before there was another. */
export function rationaleIn({ rationale, rationaleZh }: Problem, language: Language): string {
  return language === "zh" ? (rationaleZh ?? rationale) : rationale;
}

/** A failed expectation in lines: where it stands and what is wrong, expected against actual, and the author's hint. */
export function explain(problem: Problem, language: Language, showPlace: ShowPlace = plainPlace): readonly ExplainedLine[] {
  const words = WORDS[language];
  const title = textIn(problem.title, language);
  const rationale = rationaleIn(problem, language);
  const lines: ExplainedLine[] = [
    { kind: "plain", text: rationale.startsWith(title) ? rationale : `${title}${words.colon}${rationale}` },
    ...showPlace(problem.location),
  ];
  const { expected, actual } = problem;
  if (expected !== null && actual !== null) {
    if (isOneLine(expected) && isOneLine(actual)) {
      const from = alike(expected, actual);
      lines.push({ kind: "expected", text: `- ${words.expected}: ${shortLine(expected.trimEnd(), from)}` });
      lines.push({ kind: "actual", text: `+ ${words.actual}: ${shortLine(actual.trimEnd(), from)}` });
    } else lines.push(...difference(expected, actual, language));
  } else if (expected !== null) lines.push(...alone("expected", "-", expected, language));
  else if (actual !== null) lines.push(...alone("actual", "+", actual, language));
  if (problem.help !== null) lines.push({ kind: "help", text: `${words.hint}: ${textIn(problem.help, language)}` });
  return lines;
}

/** The line, or the most of it that may be shown: where it is long, from a little before `from`. */
export function shortLine(line: string, from = 0): string {
  if (line.length <= LONGEST_LINE) return line;
  const start = from < LONGEST_LINE / 2 ? 0 : from - 40;
  const end = start + LONGEST_LINE;
  const left = line.length - LONGEST_LINE;
  return `${start > 0 ? "…" : ""}${line.slice(start, end)}… (+${left})`;
}

/** How many characters two texts have in common at their beginning. */
function alike(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

/** A text with nothing to compare it to. */
function alone(kind: "expected" | "actual", mark: string, text: string, language: Language): readonly ExplainedLine[] {
  const all = text.split("\n");
  const lines = all.slice(0, LONGEST_DIFF).map((line): ExplainedLine => ({ kind, text: `${mark} ${shortLine(line)}` }));
  return [...lines, ...leftOut(all.length - lines.length, language)];
}

function leftOut(count: number, language: Language): readonly ExplainedLine[] {
  return count > 0 ? [{ kind: "quiet", text: `  … ${count} ${WORDS[language].more}` }] : [];
}

/** Both texts as far as they are compared, and how many lines are left out of that. */
function compared(expected: string, actual: string): { readonly pair: readonly [string, string]; readonly left: number } {
  const [a, b] = [endLine(expected).split("\n"), endLine(actual).split("\n")];
  if (Math.max(a.length, b.length) <= COMPARED_LINES) return { pair: [endLine(expected), endLine(actual)], left: 0 };
  let same = 0;
  while (same < a.length - 1 && a[same] === b[same]) same++;
  const from = Math.max(0, same - 3);
  const part = (lines: readonly string[]): string => endLine(lines.slice(from, from + COMPARED_LINES).join("\n"));
  const beyond = (lines: readonly string[]): number => Math.max(0, lines.length - 1 - from - COMPARED_LINES);
  return { pair: [part(a), part(b)], left: beyond(a) + beyond(b) };
}

function difference(expected: string, actual: string, language: Language): readonly ExplainedLine[] {
  const words = WORDS[language];
  const { pair, left } = compared(expected, actual);
  const { hunks } = structuredPatch("", "", ...pair, "", "", { context: 3 });
  const lines = hunks.flatMap((hunk, index): ExplainedLine[] => [
    ...(index > 0 ? [{ kind: "quiet" as const, text: "  ⋮" }] : []),
    ...hunk.lines.filter((line) => !line.startsWith("\\")).map(lineOf),
  ]);
  const shown = lines.slice(0, LONGEST_DIFF);
  return [
    { kind: "expected", text: `- ${words.expected}` },
    { kind: "actual", text: `+ ${words.actual.trimEnd()}` },
    ...shown,
    ...leftOut(lines.length - shown.length + left, language),
  ];
}

function lineOf(line: string): ExplainedLine {
  const kind = line.startsWith("-") ? "expected" : line.startsWith("+") ? "actual" : "quiet";
  return { kind, text: `${line.slice(0, 1)} ${shortLine(line.slice(1))}` };
}

function isOneLine(text: string): boolean {
  return !text.trimEnd().includes("\n");
}

function endLine(text: string): string {
  return text.endsWith("\n") || text === "" ? text : `${text}\n`;
}
