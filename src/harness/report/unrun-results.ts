import type { Plan } from "../plan/plan.ts";
import type { SerializedError } from "../run/observe/observation.ts";
import type { EngineInfo } from "../targets/target.ts";
import { describePlan } from "./described-plan.ts";
import type { ScenarioResult } from "./report.generated.ts";

/** A scenario that did not run: what it requires is not given. */
export function skippedResult(plan: Plan, reason: string, engine: EngineInfo | null, startedAt: Date): ScenarioResult {
  return { ...notRun(plan, engine, startedAt), outcome: "skip", reason };
}

/** A scenario that did not run: the one that it needs did not pass. */
export function blockedResult(plan: Plan, needed: Pick<Plan, "name">): ScenarioResult {
  return { ...notRun(plan, null, new Date()), outcome: "blocked", reason: `it needs ${needed.name}, which did not pass` };
}

/** A scenario that the run was broken off before, or in: `began` is when it began, null when its turn had not come. */
export function interruptedResult(plan: Plan, began: Date | null): ScenarioResult {
  const now = new Date();
  const reason = began === null ? "the run was broken off before its turn came" : "the run was broken off while it ran";
  const durationMs = began === null ? 0 : now.getTime() - began.getTime();
  return { ...notRun(plan, null, began ?? now), outcome: "interrupted", reason, durationMs };
}

/** A scenario that did not run, since its root could not be made. */
export function faultedResult(plan: Plan, error: SerializedError, startedAt: Date): ScenarioResult {
  return { ...notRun(plan, null, startedAt), outcome: "error", error };
}

function notRun(plan: Plan, engine: EngineInfo | null, startedAt: Date): ScenarioResult {
  return {
    ...describePlan(plan),
    outcome: "skip",
    reason: null,
    error: null,
    engine,
    startedAt: startedAt.toISOString(),
    durationMs: 0,
    rootMs: 0,
    closeMs: 0,
    points: 0,
    keptAt: null,
    checks: [],
  };
}
