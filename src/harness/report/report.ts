import type { Outcome, Report, ScenarioResult, Shard, Totals } from "./report.generated.ts";

export type * from "./report.generated.ts";

/** The whole run's report, from its scenarios' results in the order to be shown. */
export function reportOf(
  scenarios: readonly ScenarioResult[],
  run: {
    readonly slipwayVersion: string;
    readonly startedAt: Date;
    readonly durationMs: number;
    readonly interrupted: boolean;
    readonly seed: number;
    readonly shard: Shard | null;
  },
): Report {
  const totals = totalsOf(scenarios);
  const worst = totals.errors > 0 ? "error" : totals.failed + totals.blocked > 0 ? "fail" : "pass";
  return {
    schemaVersion: 1,
    slipwayVersion: run.slipwayVersion,
    startedAt: run.startedAt.toISOString(),
    durationMs: Math.round(run.durationMs),
    outcome: run.interrupted ? "interrupted" : worst,
    seed: run.seed,
    shard: run.shard,
    totals,
    scenarios: [...scenarios],
  };
}

/** Whether a scenario or check was not run, or not to its end, so that nothing is known of it. */
export function wasNotRun(outcome: Outcome): boolean {
  return outcome === "skip" || outcome === "blocked" || outcome === "interrupted";
}

function totalsOf(scenarios: readonly ScenarioResult[]): Totals {
  const count = (outcome: ScenarioResult["outcome"]): number => scenarios.filter((scenario) => scenario.outcome === outcome).length;
  const ran = scenarios.filter(({ outcome }) => outcome !== "skip" && outcome !== "interrupted");
  return {
    scenarios: scenarios.length,
    passed: count("pass"),
    failed: count("fail"),
    errors: count("error"),
    skipped: count("skip"),
    blocked: count("blocked"),
    interrupted: count("interrupted"),
    flaky: scenarios.filter(({ flaky }) => flaky).length,
    points: thousandths(ran.map(({ points }) => points)),
    maxPoints: thousandths(ran.map(({ maxPoints }) => maxPoints)),
  };
}

/** Summed in thousandths, in which points are given, so that 0.1 + 0.2 is 0.3. */
function thousandths(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.round(value * 1000), 0) / 1000;
}
