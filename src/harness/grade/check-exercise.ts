import { type Fraction, pointsOf, subtract } from "../plan/fraction.ts";
import type { CheckResult } from "../report/report.ts";
import { pointsText } from "./exact-points.ts";
import type { KnownBad } from "./exercise.generated.ts";
import { totalPoints, type TaskResult } from "./grade-submission.ts";
import type { Exercise } from "./load-exercise.ts";
import { totalOf } from "./rubric.ts";

/** One of the submissions that an exercise is proved by, as it was run once. */
export interface Attempt {
  readonly of: "solution" | "empty" | { readonly knownBad: string } | { readonly injected: string };
  /** True: what was handed in was refused before it was run. */
  readonly refused: boolean;
  readonly results: readonly TaskResult[];
}

/** What of an exercise its proof is about. */
type Rubric = Pick<Exercise, "tasks" | "points" | "knownBad" | "penalties" | "cap">;

/** What is wrong with an exercise, a line each; and what is only worth knowing. */
export interface ExerciseCheck {
  readonly problems: readonly string[];
  /** Expectations with points that nothing wrong fails: nothing shows that they can fail. */
  readonly vacuous: readonly string[];
  /** Engine or host kept us from judging something: no proof either way. */
  readonly faults: readonly string[];
}

/**
 * Judges an exercise by its attempts, each submission's runs one after the other in the list: the solution must earn everything, an empty
 * submission nothing, each known-bad one exactly its verdict, and all of them the same each time.
 */
export function checkExercise(exercise: Rubric, attempts: readonly Attempt[]): ExerciseCheck {
  const problems = new Set<string>();
  const faults = new Set<string>();
  const firsts = new Map<string, Attempt>();
  for (const attempt of attempts) {
    const name = attemptName(attempt);
    for (const { task, isFault, result } of attempt.results) {
      if (isFault) faults.add(`${name}: ${task.plan.name}: ${result.error?.message ?? result.reason ?? "it could not be judged"}`);
    }
    if (attempt.results.some(({ isFault }) => isFault)) continue;
    const first = firsts.get(name);
    if (first === undefined) {
      firsts.set(name, attempt);
      for (const problem of verdictProblems(attempt, exercise)) problems.add(`${name}: ${problem}`);
    } else for (const problem of differences(first, attempt)) problems.add(`${name}: ${problem}`);
  }
  return { problems: [...problems], vacuous: vacuous(exercise, attempts), faults: [...faults] };
}

/** `solution`, `empty submission`, `known-bad/NAME`, `solution without FILE:LINE`. */
export function attemptName({ of }: Pick<Attempt, "of">): string {
  if (typeof of === "string") return of === "empty" ? "empty submission" : of;
  return "injected" in of ? `solution without ${of.injected}` : `known-bad/${of.knownBad}`;
}

function verdictProblems({ of, refused, results }: Attempt, exercise: Rubric): readonly string[] {
  const { earned } = totalPoints(results, exercise);
  const all = mostPoints(exercise);
  if (of === "solution") {
    if (refused) return ["it was refused"];
    const failing = results.flatMap(({ result }) => result.checks.filter(isFailing).map((check) => describe(result.name, check)));
    return same(earned, all) ? failing : [`earns ${pointsText(earned)} of ${pointsText(all)} points`, ...failing];
  }
  if (of === "empty") {
    if (earned.numerator === 0n) return [];
    const paid = results.flatMap(({ result }) => result.checks.filter(({ points }) => points > 0).map(({ id }) => `${result.name} ${id}`));
    return [`earns ${pointsText(earned)} points: ${paid.join(", ")}`];
  }
  // Nobody says what it must get; it only shows what can fail.
  if ("injected" in of) return [];
  const verdict: KnownBad = exercise.knownBad.find(({ name }) => name === of.knownBad) ?? {};
  if (refused !== (verdict.refused ?? false)) return [refused ? "it was refused" : "it was not refused"];
  const problems: string[] = [];
  if (verdict.points !== undefined && !same(earned, pointsOf(verdict.points))) {
    problems.push(`earns ${pointsText(earned)} points, not ${verdict.points}`);
  }
  if (verdict.fails === undefined) return problems;
  for (const { result } of results) {
    const asked = verdict.fails[result.name] ?? [];
    const failing = result.checks.filter(isFailing);
    problems.push(...failing.filter(({ id }) => !asked.includes(id)).map((check) => `also fails ${describe(result.name, check)}`));
    const passing = asked.filter((id) => !failing.some((check) => check.id === id));
    problems.push(...passing.map((id) => `does not fail ${result.name} ${id}`));
  }
  return problems;
}

/** With all extra credit, as far as the cap lets it count. */
export function mostPoints({ tasks, cap }: Pick<Exercise, "tasks" | "cap">): Fraction {
  return totalOf(
    tasks.map(({ plan, points }) => ({ name: plan.name, earned: points, checks: [] })),
    { penalties: [], cap },
  ).earned;
}

function isFailing({ outcome }: CheckResult): boolean {
  return outcome !== "pass";
}

function describe(scenario: string, { id, problems, because }: CheckResult): string {
  const notReached = because === null ? "" : `not reached, because of ${because}`;
  const why = problems.map(({ rationale }) => rationale).join("; ") || notReached;
  return `${scenario} ${id}${why === "" ? "" : `: ${why}`}`;
}

function same(a: Fraction, b: Fraction): boolean {
  return subtract(a, b).numerator === 0n;
}

/** Checks that came out otherwise another time. */
function differences(first: Attempt, again: Attempt): readonly string[] {
  return first.results.flatMap(({ result }) => {
    const other = again.results.find(({ task }) => task.plan.name === result.name)?.result.checks ?? [];
    return result.checks
      .filter(({ id, outcome }) => other.find((check) => check.id === id)?.outcome !== outcome)
      .map(({ id }) => `is flaky: ${result.name} ${id} came out otherwise on another run`);
  });
}

/** What earns points and nothing wrong fails: neither the empty submission nor a known-bad one, nor a solution with a line less. */
export function vacuous({ tasks }: Pick<Exercise, "tasks">, attempts: readonly Attempt[]): readonly string[] {
  const wrong = attempts.filter(({ of }) => of !== "solution").flatMap(({ results }) => results);
  return tasks.flatMap(({ plan }) => {
    const runs = wrong.filter(({ result }) => result.name === plan.name);
    const worth = [...plan.steps.flatMap(({ expectations }) => expectations), ...plan.expectations].filter(
      ({ explicit, points }) => explicit && points.numerator > 0n,
    );
    return worth
      .filter(({ id }) => !runs.some(({ result }) => result.checks.some((check) => check.id === id && isFailing(check))))
      .map(({ id }) => `${plan.name} ${id}`);
  });
}
