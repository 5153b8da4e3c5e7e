import { add, type Fraction, zero } from "../plan/fraction.ts";
import type { PlannedStep } from "../plan/plan.ts";
import type { Observed, PlanRun, StepRecord } from "../run/events.ts";
import type { EngineInfo } from "../targets/target.ts";
import { partsOf } from "../verdict/matchers/mismatch.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { describePlan, points } from "./described-plan.ts";
import { type Leaks, leakChecks } from "./leak-checks.ts";
import type { Attempt, CheckResult, Outcome, Problem, ScenarioResult } from "./report.generated.ts";
import { asRationale, say, type Said } from "../plan/sayings.ts";

/** An expectation that was looked at, and what that comes to. */
export interface Judged extends Observed {
  readonly verdict: Verdict;
}

/** What one run of a scenario came to. What holds of every step is told with the step; what the author expects, one by one. */
export function scenarioResult(
  run: PlanRun,
  judged: readonly Judged[],
  root: {
    readonly engine: EngineInfo;
    readonly keptAt: string | null;
    readonly rootMs: number;
    readonly closeMs: number;
    readonly leaks: Leaks;
  },
): ScenarioResult {
  const { engine, keptAt, leaks } = root;
  const { plan } = run;
  const earned = new Earned();
  const checks = run.steps.flatMap((record) => {
    const own = judged.filter(({ step }) => step?.id === record.step.id);
    const step = stepCheck(
      record,
      own.filter(({ expectation }) => !expectation.explicit),
      earned,
    );
    return [step, ...own.filter(({ expectation }) => expectation.explicit).map((one) => expectationCheck(one, earned))];
  });
  for (const one of judged) if (one.step === null) checks.push(expectationCheck(one, earned));
  checks.push(...leakChecks(plan, leaks));
  const outcome = run.error === null ? worst(checks.map((check) => check.outcome)) : "error";
  return {
    ...describePlan(plan),
    outcome,
    reason: null,
    error: run.error,
    engine,
    startedAt: run.startedAt.toISOString(),
    durationMs: round(run.durationMs),
    rootMs: round(root.rootMs),
    closeMs: round(root.closeMs),
    points: points(earned.total),
    keptAt,
    checks,
  };
}

/** The last of several tries, with what those before it came to. `reproduce`: the command line that runs it alone. */
export function withAttempts(
  tries: readonly [ScenarioResult, ...ScenarioResult[]],
  run: { readonly slowMs: number; readonly repetition: ScenarioResult["repetition"]; readonly reproduce: string | null },
): ScenarioResult {
  const last = tries.at(-1) ?? tries[0];
  const earlier = tries.slice(0, -1).map(({ outcome, error, startedAt, durationMs, checks }): Attempt => {
    return { outcome, error, startedAt, durationMs, checks: checks.filter((check) => check.outcome !== "pass") };
  });
  return {
    ...last,
    flaky: last.outcome === "pass" && earlier.length > 0,
    slow: last.durationMs > run.slowMs,
    repetition: run.repetition,
    reproduce: run.reproduce,
    earlier,
  };
}

/** Points that were earned, summed exactly. */
class Earned {
  total: Fraction = zero;

  of({ expectation, verdict }: Judged): Fraction {
    const own = verdict.outcome === "pass" ? expectation.points : zero;
    this.total = add(this.total, own);
    return own;
  }
}

function stepCheck(record: StepRecord, implicit: readonly Judged[], earned: Earned): CheckResult {
  const { step } = record;
  const mine = implicit.map((one) => earned.of(one));
  const brokeOff = record.status === "done" && record.outcome.dialogue !== null;
  // A dialogue that broke off was ended by us, so that there is no exit code is no second problem.
  const told = implicit.filter(({ expectation }) => !(brokeOff && expectation.kind === "exitCode"));
  const problems = [
    ...told.flatMap((one) => problemsOf(one)).map((one) => placeInDialogue(one, record)),
    ...stepProblems(record, implicit),
  ];
  const base = {
    id: step.id,
    type: "step" as const,
    title: step.shownTitle ?? step.title,
    location: { ...step.location },
    points: points(mine.reduce(add, zero)),
    maxPoints: points(implicit.map(({ expectation }) => expectation.points).reduce(add, zero)),
    problems,
    error: null,
    because: null,
    output: null,
  };
  switch (record.status) {
    case "error":
      return { ...base, outcome: "error", durationMs: 0, error: record.error };
    case "skipped":
      return { ...base, outcome: "skip", durationMs: 0, because: record.because };
    case "done": {
      const { exitCode, stdout, stderr, durationMs } = record.outcome;
      const outcome = problems.length > 0 ? "fail" : worst(implicit.map(({ verdict }) => verdict.outcome));
      return { ...base, outcome, durationMs: round(durationMs), output: { exitCode, stdout, stderr } };
    }
  }
}

/** Where in a terminal's script the dialogue broke off, rather than where the step begins. */
function placeInDialogue(problem: Problem, record: StepRecord): Problem {
  const { action } = record.step;
  if (record.status !== "done" || action.kind !== "terminal" || record.outcome.dialogue === null) return problem;
  const at = action.script[record.outcome.dialogue.action];
  return at === undefined ? problem : { ...problem, location: { ...at.location } };
}

/** What no expectation speaks of: a limit passed, a file not written, output without what was to be kept of it. */
function stepProblems(record: StepRecord, implicit: readonly Judged[]): readonly Problem[] {
  if (record.status !== "done") return [];
  const { step, outcome } = record;
  const said = implicit.some(({ verdict }) => verdict.outcome === "fail");
  const texts: Said[] = [];
  if (outcome.timedOut && !said) texts.push(say("it did not end within {0}", `${(outcome.timeoutMs / 1000).toFixed(1)} s`));
  if (["write", "fixture", "copy", "signal"].includes(step.action.kind) && outcome.exitCode !== 0 && !outcome.timedOut)
    texts.push(notDone(outcome.stderr.trim()));
  for (const name of record.missing) texts.push(say("nothing in its output matches what {0} is captured from", name));
  return texts.map((said) => problem(step, said));
}

function notDone(why: string): Said {
  return why === "" ? say("it was not done") : { en: why, zh: say("it was not done: {0}", why).zh };
}

function problem(step: PlannedStep, said: Said): Problem {
  return {
    title: step.shownTitle ?? step.title,
    location: { ...step.location },
    ...asRationale(said),
    expected: null,
    actual: null,
    help: null,
  };
}

function expectationCheck(judged: Judged, earned: Earned): CheckResult {
  const { expectation, verdict, durationMs } = judged;
  return {
    id: expectation.id,
    type: "expectation",
    title: expectation.title,
    location: { ...expectation.location },
    outcome: verdict.outcome,
    points: points(earned.of(judged)),
    maxPoints: points(expectation.points),
    durationMs: round(durationMs),
    problems: [...problemsOf(judged)],
    error: verdict.outcome === "error" ? verdict.error : null,
    because: verdict.outcome === "skip" ? verdict.because : verdict.outcome === "pass" ? (verdict.waived ?? null) : null,
    output: null,
  };
}

/** What is not as expected, each at its own place; the author's hint goes with the last. */
function problemsOf({ expectation, verdict }: Judged): readonly Problem[] {
  if (verdict.outcome !== "fail") return [];
  const { title } = expectation;
  const parts = partsOf(verdict);
  return parts.map(({ at, rationale, rationaleZh, expected = null, actual = null }, index): Problem => {
    const location = { ...(at === undefined ? expectation.location : expectation.placeOf(at)) };
    const said = { rationale, ...(rationaleZh !== undefined && { rationaleZh }) };
    return { title, location, ...said, expected, actual, help: index === parts.length - 1 ? (verdict.help ?? expectation.help) : null };
  });
}

/** Of a whole from its parts. What was skipped in a whole that ran was to be done, so that is no pass. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes("error")) return "error";
  return outcomes.every((outcome) => outcome === "pass") ? "pass" : "fail";
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
