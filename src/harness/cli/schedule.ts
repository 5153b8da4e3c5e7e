import { messageOf } from "../../base/errors.ts";
import type { Plan } from "../plan/plan.ts";
import type { ScenarioResult } from "../report/report.ts";
import type { Reporter } from "../report/reporter.ts";
import { withAttempts } from "../report/scenario-result.ts";
import { blockedResult, faultedResult, interruptedResult, skippedResult } from "../report/unrun-results.ts";
import { type Leaves, serializeError } from "../run/events.ts";
import { unmetByEngine } from "../run/requirements.ts";
import type { EngineKind, FrozenRoot, Target, TargetRoot } from "../targets/target.ts";
import { WarmRoots } from "../targets/warm-roots.ts";
import { runScenario, type TriedRun } from "./run-scenario.ts";
import { type Settled, type Turn, Turns } from "./turns.ts";

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

/**
 * Runs `plans` on `target`, several at a time, each as often as is asked, and tries again what does not pass. A fault of one is its own result.
 * Returns the results in the order of `plans`, also of those that it was broken off before or in; closes the target.
 */
export async function runSchedule(
  plans: readonly Plan[],
  target: Target,
  listener: Required<Reporter>,
  options: ScheduleOptions,
): Promise<readonly ScenarioResult[]> {
  const { engine, jobs, repeat, retries, maxFailures, signal, stderr } = options;
  const atOnce = Math.min(jobs, target.maxRoots);
  const turns = new Turns(plans, { repeat, copies: target.openCopy !== undefined, workers: atOnce });
  const results: (ScenarioResult | undefined)[] = turns.reported.map(() => undefined);
  const began = new Map<Turn, Date>();
  const workers = Math.min(atOnce, turns.length);
  const roots = new WarmRoots(target, { wanted: turns.fresh, limit: workers, signal });
  let failures = 0;

  const attempt = async (turn: Turn, settle: (settled: Settled) => void): Promise<ScenarioResult> => {
    const { plan, place } = turn;
    const start = turns.startOf(turn);
    const frozen = start?.passed === true ? start.frozen : null;
    if (place !== null && !began.has(turn)) began.set(turn, new Date());
    if (place !== null) listener.onScenarioStart(plan);
    try {
      const last = turns.isLastUser(turn) && retries === 0 && !options.keep;
      return await runScenario(plan, {
        takeRoot: () => (frozen === null ? roots.take() : (target.openCopy?.(frozen, { last, signal }) ?? roots.take())),
        ...(frozen !== null && start?.passed === true ? { start: start.leaves } : { before: needsOf(plan) }),
        ...(turns.isNeeded(turn) && {
          onPassed: (kept: FrozenRoot | null, leaves: Leaves) => settle({ passed: true, frozen: kept, leaves }),
        }),
        listener: place === null ? {} : listener,
        signal,
        keep: options.keep && place !== null,
        ...(options.seed !== undefined && { seed: options.seed }),
        findLeaks: true,
        ...(place !== null && {
          onRun: (run: TriedRun) => options.onTried?.(plan, run),
          beforeClose: (root: TargetRoot) => options.beforeClose?.(plan, root) ?? Promise.resolve(),
        }),
      });
    } catch (error) {
      signal.throwIfAborted();
      return faultedResult(plan, serializeError(error), new Date());
    }
  };
  const told = ({ plan, repetition }: Turn) => ({ slowMs: options.slowMs, repetition, reproduce: options.reproduce(plan) });
  const one = async (turn: Turn, settle: (settled: Settled) => void): Promise<ScenarioResult> => {
    const { plan } = turn;
    const stopped = maxFailures !== null && failures >= maxFailures;
    const unmet = stopped
      ? `${failures === 1 ? "another scenario" : `${failures} scenarios`} did not pass before`
      : unmetByEngine(plan.requires, engine);
    const start = turns.startOf(turn);
    if (unmet !== null || start?.passed === false) {
      if (turn.needs === null) roots.forgo();
      if (unmet !== null) return withAttempts([skippedResult(plan, unmet, null, new Date())], told(turn));
      return withAttempts([blockedResult(plan, turn.needs?.plan ?? plan)], told(turn));
    }
    const tries: [ScenarioResult, ...ScenarioResult[]] = [await attempt(turn, settle)];
    while (isFailure(tries.at(-1)) && tries.length <= retries && !signal.aborted) {
      if (turn.needs === null) roots.wantMore();
      tries.push(await attempt(turn, settle));
    }
    return withAttempts(tries, told(turn));
  };
  const work = async (): Promise<void> => {
    for (;;) {
      const turn = signal.aborted ? null : await turns.next();
      if (turn === null) return;
      let settled: Settled = { passed: false };
      try {
        const result = await one(turn, (outcome) => (settled = outcome));
        if (turn.place === null) continue;
        if (isFailure(result)) failures++;
        results[turn.place] = result;
        listener.onScenarioEnd(result);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await turns.end(turn, settled);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    for (const close of [() => turns.close(), () => roots.close(), () => target.close()]) {
      await close().catch((error: unknown) => stderr(`slipway: cannot clean up: ${messageOf(error)}\n`));
    }
  }
  for (const turn of signal.aborted ? turns.reported : []) {
    const { plan, place } = turn;
    if (place === null || results[place] !== undefined) continue;
    const result = withAttempts([interruptedResult(plan, began.get(turn) ?? null)], told(turn));
    results[place] = result;
    if (began.has(turn)) listener.onScenarioEnd(result);
  }
  return results.filter((result) => result !== undefined);
}

/** All that a plan needs, the first first. */
function needsOf({ needs }: Plan): readonly Plan[] {
  return needs === null ? [] : [...needsOf(needs), needs];
}

function isFailure(result: ScenarioResult | undefined): boolean {
  return result?.outcome === "fail" || result?.outcome === "error";
}
