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
      lines.push({ kind: "expected", text: `- ${words.expected}: ${expected.trimEnd()}` });
      lines.push({ kind: "actual", text: `+ ${words.actual}: ${actual.trimEnd()}` });
    } else lines.push(...difference(expected, actual, language));
  } else if (expected !== null) lines.push(...expected.split("\n").map((text) => ({ kind: "expected" as const, text: `- ${text}` })));
  else if (actual !== null) lines.push(...actual.split("\n").map((text) => ({ kind: "actual" as const, text: `+ ${text}` })));
  if (problem.help !== null) lines.push({ kind: "help", text: `${words.hint}: ${textIn(problem.help, language)}` });
  return lines;
}

function difference(expected: string, actual: string, language: Language): readonly ExplainedLine[] {
  const words = WORDS[language];
  const { hunks } = structuredPatch("", "", endLine(expected), endLine(actual), "", "", { context: 3 });
  const lines = hunks.flatMap((hunk, index): ExplainedLine[] => [
    ...(index > 0 ? [{ kind: "quiet" as const, text: "  ⋮" }] : []),
    ...hunk.lines.filter((line) => !line.startsWith("\\")).map(lineOf),
  ]);
  const shown = lines.slice(0, LONGEST_DIFF);
  if (lines.length > shown.length) shown.push({ kind: "quiet", text: `  … ${lines.length - shown.length} ${words.more}` });
  return [{ kind: "expected", text: `- ${words.expected}` }, { kind: "actual", text: `+ ${words.actual.trimEnd()}` }, ...shown];
}

function lineOf(line: string): ExplainedLine {
  const kind = line.startsWith("-") ? "expected" : line.startsWith("+") ? "actual" : "quiet";
  return { kind, text: `${line.slice(0, 1)} ${line.slice(1)}` };
}

function isOneLine(text: string): boolean {
  return !text.trimEnd().includes("\n");
}

function endLine(text: string): string {
  return text.endsWith("\n") || text === "" ? text : `${text}\n`;
}
