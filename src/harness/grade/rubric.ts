import { add, type Fraction, fraction, multiply, subtract, sum, zero } from "../plan/fraction.ts";
import type { Expectation } from "../plan/plan.ts";
import type { CheckResult } from "../report/report.ts";
import { score, type Score } from "../verdict/score.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Text } from "./exercise.generated.ts";

/** Points taken off when one of the checks fails. */
export interface Penalty {
  readonly scenario: string;
  readonly checks: readonly string[];
  readonly points: Fraction;
  readonly about: Text | null;
}

/** What a whole submission earned, before lateness. */
export interface Total {
  readonly earned: Fraction;
  readonly penalties: readonly Penalty[];
}

type Judgement = { readonly expectation: Expectation; readonly verdict: Verdict };

/**
 * A scenario's points, of which those of each group of `allOrNothing` are earned only when all of its checks pass. One that could not be judged makes its
 * group's points undecided, unless another failed for certain.
 */
export function scoreInGroups(judged: readonly Judgement[], allOrNothing: true | readonly (readonly string[])[]): Score {
  const groups = allOrNothing === true ? [judged.map(({ expectation }) => expectation.id)] : allOrNothing;
  const outcomes = new Map(judged.map(({ expectation, verdict }) => [expectation.id, verdict.outcome]));
  return score(
    judged.map(({ expectation, verdict }) => {
      const group = groups.find((ids) => ids.includes(expectation.id));
      if (group === undefined) return { expectation, verdict };
      const all = group.map((id) => outcomes.get(id));
      if (all.some((outcome) => outcome === "fail" || outcome === "skip"))
        return { expectation, verdict: { outcome: "skip", because: group[0] ?? "" } };
      const error = judged.find((one) => group.includes(one.expectation.id) && one.verdict.outcome === "error");
      return { expectation, verdict: error?.verdict ?? verdict };
    }),
  );
}

/** Penalties are what failing checks cost; then nobody has less than nothing, nor more than the cap. */
export function totalOf(
  tasks: readonly { readonly name: string; readonly earned: Fraction; readonly checks: readonly Pick<CheckResult, "id" | "outcome">[] }[],
  { penalties, cap }: { readonly penalties: readonly Penalty[]; readonly cap: Fraction | null },
): Total {
  const due = penalties.filter(({ scenario, checks }) => {
    const task = tasks.find(({ name }) => name === scenario);
    return task?.checks.some(({ id, outcome }) => checks.includes(id) && outcome === "fail") ?? false;
  });
  const left = subtract(sum(tasks.map(({ earned }) => earned)), sum(due.map(({ points }) => points)));
  const earned = left.numerator < 0n ? zero : left;
  return { earned: cap !== null && isMore(earned, cap) ? cap : earned, penalties: due };
}

/** Shares `points` by weights, exactly. */
export function shareByWeight(points: Fraction, weights: readonly Fraction[]): readonly Fraction[] {
  const all = weights.reduce(add, zero);
  return weights.map((weight) => multiply(points, multiply(weight, fraction(all.denominator, all.numerator))));
}

function isMore(a: Fraction, b: Fraction): boolean {
  return subtract(a, b).numerator > 0n;
}
