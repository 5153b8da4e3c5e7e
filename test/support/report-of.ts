import type { CheckResult, Report, ScenarioResult } from "../../src/harness/report/report.ts";
import { reportOf } from "../../src/harness/report/report.ts";

/** A check that passed, with `more` over it. */
export function checkOf(more: Partial<CheckResult> = {}): CheckResult {
  return {
    id: "step-1",
    type: "step",
    title: "docker ps",
    location: { file: "scenarios/a.yaml", line: 3, column: 5 },
    outcome: "pass",
    points: 1,
    maxPoints: 1,
    durationMs: 12.3456,
    problems: [],
    error: null,
    because: null,
    output: null,
    ...more,
  };
}

/** A scenario that passed, with `more` over it. */
export function resultOf(more: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    file: "scenarios/a.yaml",
    name: "a",
    title: { en: "The first", zh: "第一个" },
    tags: ["day-1"],
    location: { file: "scenarios/a.yaml", line: 1, column: 1 },
    outcome: "pass",
    flaky: false,
    slow: false,
    repetition: null,
    reason: null,
    error: null,
    help: null,
    engine: { kind: "embedded", version: "0.1.0", tier: "namespaces" },
    startedAt: "2026-01-02T03:04:05.678Z",
    durationMs: 1234.5678,
    rootMs: 10,
    closeMs: 20,
    points: 1,
    maxPoints: 1,
    keptAt: null,
    reproduce: "slipway run scenarios/a.yaml",
    earlier: [],
    checks: [checkOf()],
    ...more,
  };
}

/** A report of these, begun at a fixed time. */
export function sampleReport(...scenarios: readonly ScenarioResult[]): Report {
  const startedAt = new Date("2026-01-02T03:04:05.678Z");
  return reportOf(scenarios, { slipwayVersion: "0.1.0", startedAt, durationMs: 2345.678, interrupted: false, seed: 7, shard: null });
}

/** A report with one of everything: passed, failed with a difference and output, flaky, an engine's fault, skipped, blocked, interrupted, a repetition and a leak. */
export function everyOutcome(): Report {
  const problem = {
    title: "standard output",
    location: { file: "scenarios/b & c.yaml", line: 7, column: 9 },
    rationale: 'standard output is "b # 1", not "a"',
    expected: "a\nsame\n",
    actual: "b # 1\nsame\n",
    help: "look at <ps>",
  };
  const title = `sh -c 'echo "a" >/b && cat </b />' \${{ x }} $& $' ${HOSTILE}`;
  const failed = checkOf({
    title,
    outcome: "fail",
    points: 0,
    problems: [problem],
    output: { exitCode: 1, stdout: HOSTILE, stderr: "no\n" },
  });
  const fault = {
    name: "TargetError",
    message: "the engine ended: % , : it was killed\nits log",
    stack: "TargetError: the engine ended\n    at x",
  };
  const attempt = { outcome: "fail" as const, error: null, startedAt: "2026-01-02T03:04:05.678Z", durationMs: 5, checks: [failed] };
  const leak = checkOf({
    id: "leak/processes",
    type: "leak",
    outcome: "fail",
    points: 0,
    maxPoints: 0,
    problems: [{ ...problem, rationale: "its steps left a process running" }],
  });
  return sampleReport(
    resultOf(),
    resultOf({
      file: "scenarios/b & c.yaml",
      name: "b",
      title: `<b> ${HOSTILE}`,
      outcome: "fail",
      points: 0,
      checks: [failed, leak, checkOf({ id: "step-2", outcome: "skip", because: "step-1" })],
    }),
    resultOf({ name: "flaky", flaky: true, earlier: [attempt] }),
    resultOf({ name: "fault", outcome: "error", error: fault, engine: null, checks: [] }),
    resultOf({ name: "skipped", outcome: "skip", reason: "it requires the program # perl", engine: null, checks: [] }),
    resultOf({ name: "blocked", outcome: "blocked", reason: "b did not pass", engine: null, checks: [] }),
    resultOf({ name: "stopped", outcome: "interrupted", reason: "the run was broken off # 1", engine: null, points: 0, checks: [] }),
    resultOf({ name: "again", repetition: { index: 1, count: 2 } }),
    resultOf({ name: "again", repetition: { index: 2, count: 2 } }),
  );
}

/** What a program may print: terminal sequences, control characters, half a character, and what other formats give a meaning. */
export const HOSTILE = "]]> \u001b[31mred\u001b[0m \u0000\u0007 \ud800 \\ok 1 # SKIP\n::error::x\n| *a* <b> `c` ${{ x }}\n";
