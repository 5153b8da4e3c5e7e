import { sum, type Fraction } from "../plan/fraction.ts";
import type { Expectation } from "../plan/plan.ts";
import type { Verdict } from "./verdict.ts";

/** Exact points. What is neither earned nor undecided is lost. */
export interface Score {
  readonly earned: Fraction;
  readonly possible: Fraction;
  /** Of expectations that an error of ours kept from being judged: no points lost. */
  readonly undecided: Fraction;
}

/** Adds up the points of expectations with their verdicts. */
export function score(judged: Iterable<{ readonly expectation: Expectation; readonly verdict: Verdict }>): Score {
  const all = [...judged];
  const pointsWhere = (outcomes: readonly Verdict["outcome"][]): Fraction =>
    sum(all.filter(({ verdict }) => outcomes.includes(verdict.outcome)).map(({ expectation }) => expectation.points));
  return { earned: pointsWhere(["pass"]), possible: pointsWhere(["pass", "fail", "error", "skip"]), undecided: pointsWhere(["error"]) };
}
