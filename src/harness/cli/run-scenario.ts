import { dirname } from "node:path";
import type { Expectation, Plan } from "../plan/plan.ts";
import { redactor } from "../report/redact.ts";
import { scenarioResult } from "../report/scenario-result.ts";
import { blockedResult, faultedResult, skippedResult } from "../report/unrun-results.ts";
import type { ScenarioResult } from "../report/report.ts";
import { type Leaves, type PlanRun, type RunListener, serializeError } from "../run/events.ts";
import type { Observation } from "../run/observe/observation.ts";
import { unmetByRoot } from "../run/requirements.ts";
import { runPlan } from "../run/run-plan.ts";
import type { FrozenRoot, TargetRoot } from "../targets/target.ts";
import { judge } from "../verdict/judge.ts";
import { waived } from "../verdict/waived.ts";
import type { Verdict } from "../verdict/verdict.ts";

/** What a run saw, and what each expectation came to, by its id. */
export interface TriedRun {
  readonly run: PlanRun;
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

export interface RunScenarioOptions {
  /** The variable SEED; 0 when absent. */
  readonly studentSeed?: string;
  /** Of what the plan's variables draw by chance; the student's when absent. */
  readonly seed?: string;
  readonly takeRoot: () => Promise<TargetRoot>;
  readonly listener: RunListener;
  readonly signal: AbortSignal;
  readonly keep: boolean;
  /** What `takeRoot`'s root is a copy of left beside its files. */
  readonly start?: Leaves;
  /** Plans to be done first in the same root, in order, where roots cannot be copied; they are reported on elsewhere. */
  readonly before?: readonly Plan[];
  /** Another goes on from this one when it passes: told the root, which is the other's to remove, and what else it left. */
  readonly onPassed?: (frozen: FrozenRoot | null, leaves: Leaves) => void;
  /** Look for what the scenario left behind. */
  readonly findLeaks?: boolean;
  /** Told what was seen and judged, when it came that far. */
  readonly onRun?: (run: TriedRun) => void;
  /** Looks at the root when the scenario is over. What it throws is the scenario's fault of the engine. */
  readonly beforeClose?: (root: TargetRoot) => Promise<void>;
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
    const { seed, studentSeed, onPassed } = options;
    const given = { signal, isMet, ...(seed !== undefined && { seed }), ...(studentSeed !== undefined && { studentSeed }) };
    let start = options.start;
    for (const needed of options.before ?? []) {
      const done = await runPlan(needed, root, { ...given, ...(start && { start }), listener: {}, isNeeded: true });
      if (done.error !== null) return faultedResult(plan, done.error, startedAt);
      if (!done.observed.every(({ expectation, observation }) => isMet(expectation, observation))) return blockedResult(plan, needed);
      start = done.leaves;
    }
    const run = await runPlan(plan, root, { ...given, ...(start && { start }), listener, isNeeded: onPassed !== undefined });
    const processes = options.findLeaks === true ? await root.stepProcesses() : [];
    if (run.error === null) await options.beforeClose?.(root);
    const closing = performance.now();
    const verdicts = new Map<string, Verdict>();
    const tell = (expectation: Expectation, observation: Observation): Verdict => {
      const verdict = waived(judge(expectation, observation), expectation.waiver, run.startedAt);
      options.onJudged?.(expectation, verdict);
      verdicts.set(expectation.id, verdict);
      return verdict;
    };
    const judged = run.observed.map((one) => ({ ...one, verdict: tell(one.expectation, one.observation) }));
    const isPassed = run.error === null && judged.every(({ verdict }) => verdict.outcome === "pass");
    let keptAt: string | null = null;
    const freeze = onPassed !== undefined && isPassed ? root.freeze?.bind(root) : undefined;
    if (freeze !== undefined) {
      close = () => Promise.resolve(null);
      const frozen = await freeze({ keep });
      if (keep) keptAt = dirname(frozen.directory);
      onPassed?.(frozen, run.leaves);
    } else {
      keptAt = await close(keep);
      if (isPassed) onPassed?.(null, run.leaves);
    }
    const closeMs = performance.now() - closing;
    // What is frozen is still wanted.
    const leftovers = options.findLeaks === true && freeze === undefined ? await root.leftovers() : [];
    const told = scenarioResult(run, judged, { engine: root.engine, keptAt, rootMs, closeMs, leaks: { processes, leftovers } });
    // Secrets that were captured or drawn are known only here.
    const result = redactor(run.secrets)(told);
    options.onRun?.({ run, verdicts });
    return result;
  } catch (error) {
    signal.throwIfAborted();
    return faultedResult(plan, serializeError(error), startedAt);
  } finally {
    await close(false);
  }
}
