import { type Fraction, fraction, pointsOf, subtract, sum } from "../../src/harness/plan/fraction.ts";
import type { Judged } from "../../src/harness/grade/grade-submission.ts";
import { planScenario } from "../../src/harness/plan/plan-scenario.ts";
import type { Exercise, Task } from "../../src/harness/grade/load-exercise.ts";
import { defaultLimits } from "../../src/harness/targets/submission-limits.ts";
import { readScenario } from "../../src/harness/scenario/load.ts";

/** A task of three checks, `step-1`, `step-1/stdout` and `step-1/stderr`, worth `points`. */
export function taskOf(name: string, points: number, more: Partial<Task> = {}): Task {
  const yaml = `name: ${name}\nsteps:\n  - run: "true"\n    expect: { stdout: a, stderr: b }\n`;
  const plan = planScenario(readScenario(`${name}.yaml`, yaml));
  return {
    plan,
    points: pointsOf(points),
    feedback: "full",
    visibility: "visible",
    extra: false,
    allOrNothing: null,
    hintsFrom: 1,
    checks: {},
    ...more,
  };
}

/** Verdicts by which a task that is worth 1 earns `earned` of it. */
export function earning(earned: Fraction): NonNullable<Judged["verdicts"]> {
  const [expectation] = taskOf("any", 1).plan.steps[0]?.expectations ?? [];
  if (expectation === undefined) throw new Error("the task has no expectation");
  return [
    { expectation: { ...expectation, id: "passing", points: earned }, verdict: { outcome: "pass" } },
    {
      expectation: { ...expectation, id: "failing", points: subtract(fraction(1n), earned) },
      verdict: { outcome: "fail", rationale: "no" },
    },
  ];
}

/** An exercise of these tasks, due at a fixed time with ten percent off for each day. */
export function exerciseOf(tasks: readonly Task[], more: Partial<Exercise> = {}): Exercise {
  return {
    folder: "exercise",
    title: { en: "An exercise", zh: "一个练习" },
    handIn: { files: [{ path: "a.sh" }] },
    due: new Date("2026-03-01T12:00:00Z"),
    late: { percentPerDay: 10, maxDays: 2, grace: "10m" },
    limits: defaultLimits,
    penalties: [],
    cap: null,
    seed: "",
    tasks,
    points: sum(tasks.map((task) => task.points)),
    solution: "exercise/solution",
    knownBad: [],
    digest: "sha256:e",
    ...more,
  };
}
