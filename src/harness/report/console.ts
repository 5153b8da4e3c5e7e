import { styleText } from "node:util";
import { textIn } from "../plan/describe.ts";
import { explain, type ExplainedLine } from "./explain.ts";
import { LiveLine } from "./live-line.ts";
import type { CheckResult, Report, ScenarioResult } from "./report.ts";
import type { Language, Reporter } from "./reporter.ts";
import { visibleText } from "./visible-text.ts";

export interface ConsoleOptions {
  readonly write: (text: string) => void;
  readonly language: Language;
  readonly colors: boolean;
  /** Columns of the terminal that `write` goes to, for a line of live progress; null when it is none. */
  readonly columns: number | null;
}

type Style = Parameters<typeof styleText>[0];
const MARKS = { pass: ["✓", "green"], fail: ["✗", "red"], error: ["!", "magenta"], skip: ["-", "yellow"] } as const;
const LINE_STYLES: Readonly<Record<ExplainedLine["kind"], Style | null>> = {
  plain: null,
  expected: "green",
  actual: "red",
  quiet: "gray",
  help: "cyan",
};
const WORDS = {
  en: {
    passed: "passed",
    failed: "failed",
    errors: "errors",
    skipped: "skipped",
    points: "points",
    interrupted: "interrupted",
    engine: "engine",
    kept: "kept at",
  },
  zh: {
    passed: "通过",
    failed: "失败",
    errors: "错误",
    skipped: "跳过",
    points: "得分",
    interrupted: "已中断",
    engine: "引擎",
    kept: "文件保留在",
  },
} as const;

/** A summary for people: a line a scenario as it ends, what is wrong below it, and the totals. */
export function consoleReporter({ write, language, colors, columns }: ConsoleOptions): Reporter {
  const words = WORDS[language];
  // Whether there are colours is the caller's to know, so no second guess by the stream's or the environment's.
  const styled = (style: Style | null, text: string): string =>
    colors && style !== null ? styleText(style, text, { validateStream: false }) : text;
  const live = new LiveLine(write, columns);
  const line = (text: string): void => live.print(`${text}\n`);

  function scenarioLine(result: ScenarioResult): string {
    const [mark, style] = MARKS[result.outcome];
    const title = result.title === null ? "" : `  ${textIn(result.title, language)}`;
    const score = result.outcome === "skip" ? "" : ` · ${result.points}/${result.maxPoints}`;
    return `${styled(style, mark)} ${styled("bold", result.name)}${title}  ${styled("gray", `${seconds(result.durationMs)}${score}`)}`;
  }

  function checkLines(check: CheckResult): readonly string[] {
    const [mark, style] = MARKS[check.outcome];
    if (check.outcome === "pass" || check.outcome === "skip") return [];
    const head = `  ${styled(style, mark)} ${textIn(check.title, language)}`;
    if (check.outcome === "error") return [head, ...indented(check.error?.message ?? "").map((text) => styled("magenta", text))];
    const problems = check.problems.flatMap((problem) =>
      explain(problem, language).map(({ kind, text }) => styled(LINE_STYLES[kind], `      ${visibleText(text)}`)),
    );
    return [head, ...problems, ...outputLines(check)];
  }

  /** The end of what a failed step said. */
  function outputLines(check: CheckResult): readonly string[] {
    if (check.output === null) return [];
    return (["stdout", "stderr"] as const).flatMap((stream) => {
      const lines = visibleText(check.output?.[stream] ?? "")
        .trimEnd()
        .split("\n")
        .slice(-10);
      return lines.join("") === "" ? [] : lines.map((text) => styled("gray", `      ${stream} │ ${text}`));
    });
  }

  return {
    onRunStart({ plans }) {
      live.start(plans.length);
    },
    onStepStart(plan, step) {
      live.show(plan.name, step.title);
    },
    onScenarioEnd(result) {
      live.done(result.name);
      line(scenarioLine(result));
      if (result.reason !== null) line(`    ${result.reason}`);
      for (const check of result.checks) for (const text of checkLines(check)) line(text);
      if (result.error !== null && !result.checks.some(({ outcome }) => outcome === "error")) {
        for (const text of indented(result.error.message)) line(styled("magenta", text));
      }
      if (result.outcome === "fail" && result.help !== null) line(styled("cyan", `    ${textIn(result.help, language)}`));
      if (result.keptAt !== null) line(`    ${words.kept} ${result.keptAt}`);
    },
    onRunEnd(report) {
      live.end();
      write(`\n${summary(report)}\n`);
    },
  };

  function summary(report: Report): string {
    const { totals } = report;
    const counts = [
      styled(totals.passed > 0 ? "green" : null, `${totals.passed} ${words.passed}`),
      styled(totals.failed > 0 ? "red" : null, `${totals.failed} ${words.failed}`),
      ...(totals.errors > 0 ? [styled("magenta", `${totals.errors} ${words.errors}`)] : []),
      styled(totals.skipped > 0 ? "yellow" : null, `${totals.skipped} ${words.skipped}`),
    ].join(", ");
    const engines = [
      ...new Set(report.scenarios.flatMap(({ engine }) => (engine === null ? [] : [`${engine.kind} ${engine.version}, ${engine.tier}`]))),
    ];
    const parts = [counts, `${words.points} ${totals.points}/${totals.maxPoints}`, seconds(report.durationMs)];
    if (report.outcome === "interrupted") parts.unshift(styled("red", words.interrupted));
    const engine = engines.length === 0 ? "" : `${styled("gray", `${words.engine}: ${engines.join("; ")}`)}\n`;
    return `${engine}${parts.join(" · ")}`;
  }
}

function indented(text: string): readonly string[] {
  return visibleText(text)
    .split("\n")
    .map((line) => `      ${line}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
