import { messageOf } from "../../base/errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { ScenarioResult } from "../report/report.ts";
import type { Reporter } from "../report/reporter.ts";
import { faultedResult, skippedResult, withAttempts } from "../report/scenario-result.ts";
import { serializeError } from "../run/events.ts";
import { unmetByEngine } from "../run/requirements.ts";
import type { EngineKind, Target, TargetRoot } from "../targets/target.ts";
import { WarmRoots } from "../targets/warm-roots.ts";
import { runScenario, type TriedRun } from "./run-scenario.ts";

export interface ScheduleOptions {
  readonly engine: EngineKind;
  readonly jobs: number;
  readonly repeat: number;
  readonly retries: number;
  readonly maxFailures: number | null;
  readonly slowMs: number;
  readonly keep: boolean;
  /** Of what scenarios draw by chance. */
  readonly seed?: string;
  readonly signal: AbortSignal;
  readonly stderr: (text: string) => void;
  /** Told what each try saw and judged. */
  readonly onTried?: (plan: Plan, run: TriedRun) => void;
  /** Looks at a root when its scenario is over, before it is removed. */
  readonly beforeClose?: (plan: Plan, root: TargetRoot) => Promise<void>;
  /** The command line that runs a plan alone. */
  readonly reproduce: (plan: Plan) => string;
}

/** One run of a scenario. */
interface Turn {
  readonly plan: Plan;
  readonly repetition: ScenarioResult["repetition"];
}

/**
 * Runs `plans` on `target`, several at a time, each as often as is asked, and tries again what does not pass. A fault of one is its own result.
 * Returns the results of those that had their turn, in the order of `plans`; closes the target.
 */
export async function runSchedule(
  plans: readonly Plan[],
  target: Target,
  listener: Required<Reporter>,
  options: ScheduleOptions,
): Promise<readonly ScenarioResult[]> {
  const { engine, jobs, repeat, retries, maxFailures, signal, stderr } = options;
  const turns = plans.flatMap((plan): Turn[] =>
    repeat === 1
      ? [{ plan, repetition: null }]
      : Array.from({ length: repeat }, (_, index) => ({ plan, repetition: { index: index + 1, count: repeat } })),
  );
  const results: (ScenarioResult | undefined)[] = turns.map(() => undefined);
  const workers = Math.min(jobs, target.maxRoots, turns.length);
  const roots = new WarmRoots(target, { wanted: turns.length, limit: workers, signal });
  let next = 0;
  let failures = 0;

  const attempt = async (plan: Plan): Promise<ScenarioResult> => {
    listener.onScenarioStart(plan);
    try {
      return await runScenario(plan, {
        takeRoot: () => roots.take(),
        listener,
        signal,
        keep: options.keep,
        ...(options.seed !== undefined && { seed: options.seed }),
        findLeaks: true,
        onRun: (run) => options.onTried?.(plan, run),
        beforeClose: (root) => options.beforeClose?.(plan, root) ?? Promise.resolve(),
      });
    } catch (error) {
      signal.throwIfAborted();
      return faultedResult(plan, serializeError(error), new Date());
    }
  };
  const one = async ({ plan, repetition }: Turn): Promise<ScenarioResult> => {
    const stopped = maxFailures !== null && failures >= maxFailures;
    const unmet = stopped
      ? `${failures === 1 ? "another scenario" : `${failures} scenarios`} did not pass before`
      : unmetByEngine(plan.requires, engine);
    const told = { slowMs: options.slowMs, repetition, reproduce: options.reproduce(plan) };
    if (unmet !== null) {
      roots.forgo();
      return withAttempts([skippedResult(plan, unmet, null, new Date())], told);
    }
    const tries: [ScenarioResult, ...ScenarioResult[]] = [await attempt(plan)];
    while (isFailure(tries.at(-1)) && tries.length <= retries && !signal.aborted) {
      roots.wantMore();
      tries.push(await attempt(plan));
    }
    return withAttempts(tries, told);
  };
  const work = async (): Promise<void> => {
    while (next < turns.length && !signal.aborted) {
      const index = next++;
      const turn = turns[index];
      if (turn === undefined) return;
      try {
        const result = await one(turn);
        if (isFailure(result)) failures++;
        results[index] = result;
        listener.onScenarioEnd(result);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    for (const close of [() => roots.close(), () => target.close()]) {
      await close().catch((error: unknown) => stderr(`slipway: cannot clean up: ${messageOf(error)}\n`));
    }
  }
  return results.filter((result) => result !== undefined);
}

function isFailure(result: ScenarioResult | undefined): boolean {
  return result?.outcome === "fail" || result?.outcome === "error";
}
