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
