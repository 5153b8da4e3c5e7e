import { textIn } from "../plan/describe.ts";
import { CONSOLE_WORDS } from "./console-words.ts";
import { displayName } from "./display-name.ts";
import { explain, shortLine, type ExplainedLine } from "./explain.ts";
import { type CheckResult, type Outcome, type ScenarioResult, wasNotRun } from "./report.ts";
import type { Language } from "./reporter.ts";
import { excerpt, type LinesOf } from "./source-excerpt.ts";
import { seconds, type Style, stylist } from "./styled.ts";
import { visibleText } from "./visible-text.ts";

export interface ScenarioLinesOptions {
  readonly language: Language;
  readonly colors: boolean;
  readonly verbosity: "quiet" | "normal" | "verbose";
  readonly linesOf: LinesOf;
}

const MARKS: Readonly<Record<Outcome, readonly [string, Style]>> = {
  pass: ["✓", "green"],
  fail: ["✗", "red"],
  error: ["!", "magenta"],
  skip: ["-", "yellow"],
  blocked: ["⊘", "yellow"],
  interrupted: ["■", "yellow"],
};
const LINE_STYLES: Readonly<Record<ExplainedLine["kind"], Style | null>> = {
  plain: null,
  expected: "green",
  actual: "red",
  quiet: "gray",
  help: "cyan",
};
/** Of a step's output, the last lines are shown: of one that failed, and with `verbose` of any. */
const TAIL = { normal: 10, verbose: 200 } as const;

/** A scenario's own line, and below it what did not go as it should. */
export function scenarioLines(result: ScenarioResult, options: ScenarioLinesOptions): readonly string[] {
  const { language, verbosity, linesOf } = options;
  const words = CONSOLE_WORDS[language];
  const styled = stylist(options.colors);
  const all = verbosity === "verbose";
  const lines: string[] = [headline()];

  function headline(): string {
    const [mark, style] = result.flaky ? (["✓", "yellow"] as const) : MARKS[result.outcome];
    const title = result.title === null ? "" : `  ${textIn(result.title, language)}`;
    const ran = !wasNotRun(result.outcome);
    const score = ran ? ` · ${result.points}/${result.maxPoints}` : "";
    const marks = [
      ...(result.slow ? [words.slow] : []),
      ...(result.flaky ? [`${words.flaky}: ${words.tries(result.earlier.length + 1)}`] : []),
    ];
    const notes = marks.map((note) => `  ${styled("yellow", note)}`).join("");
    return visible(
      `${styled(style, mark)} ${styled("bold", displayName(result))}${title}  ${styled("gray", `${seconds(result.durationMs)}${score}`)}${notes}`,
    );
  }

  function checkLines(check: CheckResult): readonly string[] {
    const [mark, style] = MARKS[check.outcome];
    const isFine = check.outcome === "pass" || wasNotRun(check.outcome);
    if (isFine && !all) return [];
    const time = all && check.type === "step" ? styled("gray", `  ${seconds(check.durationMs)}`) : "";
    const head = `  ${styled(style, mark)} ${visibleText(textIn(check.title, language))}${time}`;
    if (check.outcome === "error")
      return [head, ...indented(check.error?.message ?? "").map((text) => styled("magenta", text)), ...outputLines(check)];
    const problems = check.problems.flatMap((problem) =>
      explain(problem, language, (place) => excerpt(place, linesOf)).map(({ kind, text }) =>
        styled(LINE_STYLES[kind], `      ${visibleText(text)}`),
      ),
    );
    return [head, ...problems, ...outputLines(check)];
  }

  /** The end of what a step said. */
  function outputLines(check: CheckResult): readonly string[] {
    return (["stdout", "stderr"] as const).flatMap((stream) => {
      const lines = visibleText(check.output?.[stream] ?? "")
        .trimEnd()
        .split("\n")
        .slice(-TAIL[all ? "verbose" : "normal"]);
      return lines.join("") === "" ? [] : lines.map((text) => styled("gray", `      ${stream} │ ${shortLine(text)}`));
    });
  }

  if (result.reason !== null) lines.push(`    ${visibleText(result.reason)}`);
  for (const attempt of result.earlier) {
    const [why = attempt.outcome] = [
      attempt.error?.message,
      ...attempt.checks.flatMap((check) => check.problems.map(({ rationale }) => rationale)),
    ].filter((text) => text !== undefined);
    lines.push(styled("yellow", `    ${MARKS[attempt.outcome][0]} ${seconds(attempt.durationMs)} ${visibleText(why).split("\n")[0]}`));
  }
  for (const check of result.checks) lines.push(...checkLines(check));
  const undone = result.checks.filter(({ type, outcome }) => type === "step" && outcome === "skip");
  if (!all && result.outcome === "fail" && undone.length > 0) lines.push(styled("yellow", `  - ${words.notDone(undone.length)}`));
  if (result.error !== null && !result.checks.some(({ outcome }) => outcome === "error")) {
    lines.push(...indented(result.error.message).map((text) => styled("magenta", text)));
  }
  const isFailure = result.outcome === "fail" || result.outcome === "error";
  if (result.outcome === "fail" && result.help !== null) lines.push(styled("cyan", `    ${textIn(result.help, language)}`));
  if (isFailure && result.reproduce !== null) lines.push(`    ${words.again}: ${styled("cyan", visibleText(result.reproduce))}`);
  if (result.keptAt !== null) lines.push(`    ${words.kept} ${result.keptAt}`);
  return lines;
}

function visible(line: string): string {
  return line.replaceAll("\n", " ");
}

function indented(text: string): readonly string[] {
  return visibleText(text)
    .split("\n")
    .map((line) => `      ${line}`);
}
