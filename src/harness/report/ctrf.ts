import { randomUUID } from "node:crypto";
import { textIn } from "../plan/describe.ts";
import { displayName } from "./display-name.ts";
import { checkDetails, scenarioMessage } from "./failure-text.ts";
import type { Outcome, Report, ScenarioResult } from "./report.ts";
import type { Language, Reporter } from "./reporter.ts";
import { visibleText } from "./visible-text.ts";
import { type ReportSink, writeReport } from "./write-report.ts";

const SPEC_VERSION = "0.0.0";
/** CTRF knows no fault of the tests' own and nothing blocked or broken off: `rawStatus` has our word. */
const STATUS: Readonly<Record<Outcome, "passed" | "failed" | "skipped" | "other">> = {
  pass: "passed",
  fail: "failed",
  error: "other",
  skip: "skipped",
  blocked: "skipped",
  interrupted: "skipped",
};

/** Writes the report in the Common Test Report Format (ctrf.io). */
export function ctrfReporter(sink: ReportSink, language: Language): Reporter {
  return { onRunEnd: (report) => writeReport(sink, `${JSON.stringify(ctrfDocument(report, language), null, 2)}\n`) };
}

/** The report as a CTRF document: a test is a scenario, a step of it one of our checks. */
export function ctrfDocument(report: Report, language: Language): object {
  const { scenarios } = report;
  const tests = scenarios.map((scenario) => testOf(scenario, language));
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const start = Date.parse(report.startedAt);
  const duration = Math.round(report.durationMs);
  return {
    reportFormat: "CTRF",
    specVersion: SPEC_VERSION,
    reportId: randomUUID(),
    timestamp: new Date(start + duration).toISOString(),
    generatedBy: `slipway ${report.slipwayVersion}`,
    results: {
      tool: { name: "slipway", version: report.slipwayVersion },
      summary: {
        tests: tests.length,
        passed: count("passed"),
        failed: count("failed"),
        skipped: count("skipped"),
        pending: 0,
        other: count("other"),
        flaky: report.totals.flaky,
        suites: new Set(scenarios.map(({ file }) => file)).size,
        start,
        stop: start + duration,
        duration,
        extra: { outcome: report.outcome, seed: report.seed, points: report.totals.points, maxPoints: report.totals.maxPoints },
      },
      tests,
    },
  };
}

function testOf(scenario: ScenarioResult, language: Language) {
  const { outcome, engine, earlier, checks } = scenario;
  const message = scenarioMessage(scenario, language);
  const start = Date.parse(scenario.startedAt);
  const duration = Math.round(scenario.durationMs);
  const trace = checks.map((check) => checkDetails(check, language)).filter((text) => text !== "");
  const output = (stream: "stdout" | "stderr"): readonly string[] =>
    checks
      .flatMap((check) => (check.outcome === "pass" ? [] : visibleText(check.output?.[stream] ?? "").split("\n")))
      .filter((line) => line !== "");
  return {
    name: displayName(scenario),
    status: STATUS[outcome],
    rawStatus: outcome,
    duration,
    start,
    stop: start + duration,
    suite: [scenario.file],
    filePath: scenario.file,
    line: scenario.location.line,
    tags: scenario.tags.map(visibleText),
    labels: { points: scenario.points, maxPoints: scenario.maxPoints, ...(engine !== null && { engine: engine.kind, tier: engine.tier }) },
    retries: earlier.length,
    flaky: scenario.flaky,
    ...(message !== null && { message: visibleText(message) }),
    ...(trace.length > 0 && { trace: visibleText(trace.join("\n\n")) }),
    ...(output("stdout").length > 0 && { stdout: output("stdout") }),
    ...(output("stderr").length > 0 && { stderr: output("stderr") }),
    ...(earlier.length > 0 && {
      retryAttempts: [...earlier, scenario].map((attempt, index) => {
        const why = scenarioMessage(attempt, language);
        return {
          attempt: index + 1,
          status: STATUS[attempt.outcome],
          duration: Math.round(attempt.durationMs),
          start: Date.parse(attempt.startedAt),
          ...(why !== null && { message: visibleText(why) }),
        };
      }),
    }),
    steps: checks.map((check) => ({ name: visibleText(`${check.id} ${textIn(check.title, language)}`), status: STATUS[check.outcome] })),
  };
}
