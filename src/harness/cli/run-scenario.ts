import type { Expectation, Plan } from "../plan/plan.ts";
import { faultedResult, scenarioResult, skippedResult } from "../report/scenario-result.ts";
import type { ScenarioResult } from "../report/report.ts";
import { type RunListener, serializeError } from "../run/events.ts";
import type { Observation } from "../run/observe/observation.ts";
import { unmetByRoot } from "../run/requirements.ts";
import { runPlan } from "../run/run-plan.ts";
import type { TargetRoot } from "../targets/target.ts";
import { judge } from "../verdict/judge.ts";
import type { Verdict } from "../verdict/verdict.ts";

export interface RunScenarioOptions {
  /** The variable SEED; 0 when absent. */
  readonly studentSeed?: string;
  readonly takeRoot: () => Promise<TargetRoot>;
  readonly listener: RunListener;
  readonly signal: AbortSignal;
  readonly keep: boolean;
  /** Look for what the scenario left behind. */
  readonly findLeaks?: boolean;
  /** Told each expectation's verdict, for exact points. */
  readonly onJudged?: (expectation: Expectation, verdict: Verdict) => void;
}

/**
 * One scenario from start to end: takes a root, runs, judges, closes the root. A fault of engine or host is its result.
 * Throws only the signal's reason when aborted; the root is closed then too.
 */
export async function runScenario(plan: Plan, options: RunScenarioOptions): Promise<ScenarioResult> {
  const { signal, keep, listener } = options;
  const startedAt = new Date();
  const start = performance.now();
  let root: TargetRoot;
  try {
    root = await options.takeRoot();
  } catch (error) {
    signal.throwIfAborted();
    return faultedResult(plan, serializeError(error), startedAt);
  }
  const rootMs = performance.now() - start;
  let close = (keepFiles: boolean): Promise<string | null> => {
    close = () => Promise.resolve(null);
    return root.close({ keep: keepFiles });
  };
  try {
    const reason = await unmetByRoot(plan.requires, root);
    if (reason !== null) return skippedResult(plan, reason, root.engine, startedAt);
    const isMet = (expectation: Expectation, observation: Observation): boolean => judge(expectation, observation).outcome === "pass";
    const run = await runPlan(plan, root, {
      signal,
      listener,
      isMet,
      ...(options.studentSeed !== undefined && { studentSeed: options.studentSeed }),
    });
    const processes = options.findLeaks === true ? await root.stepProcesses() : [];
    const closing = performance.now();
    const keptAt = await close(keep);
    const closeMs = performance.now() - closing;
    const leftovers = options.findLeaks === true ? await root.leftovers() : [];
    const tell = (expectation: Expectation, observation: Observation): Verdict => {
      const verdict = judge(expectation, observation);
      options.onJudged?.(expectation, verdict);
      return verdict;
    };
    return scenarioResult(run, tell, { engine: root.engine, keptAt, rootMs, closeMs, leaks: { processes, leftovers } });
  } catch (error) {
    signal.throwIfAborted();
    return faultedResult(plan, serializeError(error), startedAt);
  } finally {
    await close(false);
  }
}
