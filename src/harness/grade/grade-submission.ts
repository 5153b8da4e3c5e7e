import { type Fraction, multiply, zero } from "../plan/fraction.ts";
import type { Plan } from "../plan/plan.ts";
import type { ScenarioResult } from "../report/report.ts";
import type { Expectation } from "../plan/plan.ts";
import { score, type Score } from "../verdict/score.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { scoreInGroups, type Total, totalOf } from "./rubric.ts";
import type { Exercise, Task } from "./load-exercise.ts";
import type { SubmittedFile } from "./read-submission.ts";

/** A scenario's result, with every expectation's verdict. */
export interface Judged {
  readonly result: ScenarioResult;
  /** Null: it was not judged to its end, by a fault of ours. */
  readonly verdicts: readonly { readonly expectation: Expectation; readonly verdict: Verdict }[] | null;
}

/** Runs one scenario over these files, in a root of its own. A fault of engine or host is its result; throws only when aborted. */
export type RunOver = (plan: Plan, files: readonly SubmittedFile[], seed: string) => Promise<Judged>;

export interface TaskResult {
  readonly task: Task;
  /** Scaled to what the task is worth. */
  readonly earned: Fraction;
  /** True: engine or host are at fault, so what it earns is not known, and nothing is lost. */
  readonly isFault: boolean;
  /** True: the same scenario could be judged over the solution right after. So it looks like the submission's own doing, and somebody has to decide. */
  readonly isSuspect: boolean;
  readonly result: ScenarioResult;
}

/** Once more, for a fault that was a hiccup of the host. */
const ATTEMPTS = 2;

/**
 * Runs a submission's files through the exercise's scenarios, one after the other. One at fault is run again before that counts; and when it is at fault
 * again, the `control`, files that are known to be harmless, says whether that is so for everybody.
 */
export async function gradeSubmission(
  files: readonly SubmittedFile[],
  { tasks }: Pick<Exercise, "tasks">,
  runOver: RunOver,
  options: { readonly seed?: string; readonly control?: () => Promise<readonly SubmittedFile[]> } = {},
): Promise<readonly TaskResult[]> {
  const { seed = "0", control } = options;
  const results: TaskResult[] = [];
  for (const task of tasks) {
    let result: TaskResult;
    let attempt = 1;
    do result = taskResult(task, await runOver(task.plan, files, seed));
    while (result.isFault && attempt++ < ATTEMPTS);
    if (control !== undefined && result.isFault && result.result.outcome === "error") {
      const harmless = taskResult(task, await runOver(task.plan, await control(), seed));
      result = { ...result, isSuspect: !harmless.isFault };
    }
    results.push(result);
  }
  return results;
}

/** What a scenario's result is worth as a task. A scenario that this host cannot run is a fault too: not the student's. */
export function taskResult(task: Task, { result, verdicts }: Judged): TaskResult {
  const points: Score =
    verdicts === null
      ? { earned: zero, possible: task.plan.points, undecided: task.plan.points }
      : task.allOrNothing === null
        ? score(verdicts)
        : scoreInGroups(verdicts, task.allOrNothing);
  const isFault = verdicts === null || result.outcome === "error" || result.outcome === "skip" || points.undecided.numerator > 0n;
  const { numerator, denominator } = points.possible;
  const earned =
    numerator === 0n ? zero : multiply(multiply(points.earned, task.points), { numerator: denominator, denominator: numerator });
  return { task, earned: isFault ? zero : earned, isFault, isSuspect: false, result };
}

/** The points of all tasks, with what penalties and the cap make of them. */
export function totalPoints(results: readonly TaskResult[], exercise: Pick<Exercise, "penalties" | "cap">): Total {
  return totalOf(
    results.map(({ task, earned, result }) => ({ name: task.plan.name, earned, checks: result.checks })),
    exercise,
  );
}
