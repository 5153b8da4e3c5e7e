import { stringify } from "yaml";
import { textIn } from "../plan/describe.ts";
import { displayName } from "./display-name.ts";
import { checkDetails, checkMessage, scenarioMessage } from "./failure-text.ts";
import { type CheckResult, type Outcome, type Report, type ScenarioResult, wasNotRun } from "./report.ts";
import type { Language, Reporter } from "./reporter.ts";
import { visibleText } from "./visible-text.ts";
import { type ReportSink, writeReport } from "./write-report.ts";

/** Writes the report in the Test Anything Protocol, version 14: a scenario is a test point, its checks are its subtest's. */
export function tapReporter(sink: ReportSink, language: Language): Reporter {
  return { onRunEnd: (report) => writeReport(sink, tapDocument(report, language)) };
}

/** The report as TAP 14 (testanything.org/tap-version-14-specification.html). */
export function tapDocument(report: Report, language: Language): string {
  const lines = ["TAP version 14", `1..${report.scenarios.length}${report.scenarios.length === 0 ? " # nothing to run" : ""}`];
  for (const [index, scenario] of report.scenarios.entries()) lines.push(...scenarioPoint(scenario, index + 1, language));
  if (report.outcome === "interrupted") lines.push("Bail out! interrupted");
  return `${lines.join("\n")}\n`;
}

function scenarioPoint(scenario: ScenarioResult, number: number, language: Language): readonly string[] {
  const name = displayName(scenario);
  const { checks } = scenario;
  const subtest =
    checks.length === 0
      ? []
      : [
          `# Subtest: ${escaped(name)}`,
          ...[`1..${checks.length}`, ...checks.flatMap((check, index) => checkPoint(check, index + 1, language))].map(
            (line) => `    ${line}`,
          ),
        ];
  const isSkipped = wasNotRun(scenario.outcome);
  const message = scenarioMessage(scenario, language);
  return [
    ...subtest,
    point(scenario.outcome, number, name, isSkipped ? message : null),
    ...diagnostics({
      ...(message !== null && !isSkipped && { message, severity: scenario.outcome }),
      file: scenario.file,
      line: scenario.location.line,
      duration_ms: scenario.durationMs,
      ...(scenario.outcome !== "skip" && scenario.outcome !== "interrupted" && { points: `${scenario.points}/${scenario.maxPoints}` }),
      ...(scenario.engine !== null && { engine: `${scenario.engine.kind} ${scenario.engine.version}, ${scenario.engine.tier}` }),
      ...(scenario.flaky && { flaky: true }),
      ...(scenario.earlier.length > 0 && { earlier: scenario.earlier.map((attempt) => scenarioMessage(attempt, language)) }),
      ...(message !== null && scenario.reproduce !== null && { reproduce: scenario.reproduce }),
    }),
  ];
}

function checkPoint(check: CheckResult, number: number, language: Language): readonly string[] {
  const message = checkMessage(check);
  const isSkipped = wasNotRun(check.outcome);
  const lines = point(check.outcome, number, `${check.id} ${textIn(check.title, language)}`, isSkipped ? message : null);
  if (check.outcome !== "fail" && check.outcome !== "error") return [lines];
  const { file, line, column } = check.problems[0]?.location ?? check.location;
  return [
    lines,
    ...diagnostics({ message, severity: check.outcome, at: `${file}:${line}:${column}`, details: checkDetails(check, language) }),
  ];
}

function point(outcome: Outcome, number: number, description: string, skipped: string | null): string {
  const isOk = outcome !== "fail" && outcome !== "error";
  return `${isOk ? "ok" : "not ok"} ${number} - ${escaped(description)}${skipped === null ? "" : ` # SKIP ${escaped(skipped)}`}`;
}

/** A backslash, and a `#` that would begin a directive, are escaped; a description has one line. */
function escaped(text: string): string {
  return visibleText(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\#]/g, (character) => `\\${character}`)
    .trim();
}

function diagnostics(value: Readonly<Record<string, unknown>>): readonly string[] {
  const yaml = stringify(visible(value), { lineWidth: 0 }).trimEnd();
  return ["  ---", ...yaml.split("\n").map((line) => (line === "" ? "" : `  ${line}`)), "  ..."];
}

function visible(value: unknown): unknown {
  if (typeof value === "string") return visibleText(value);
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visible(inner)]));
}
