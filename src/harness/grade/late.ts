import { type Fraction, fraction, multiply, pointsOf, subtract, zero } from "../plan/fraction.ts";
import { parseDuration } from "../scenario/duration.ts";
import type { Late } from "./exercise.generated.ts";

const DAY_MS = 24 * 3_600_000;

/** How late a submission is, and what of its earned points remains. */
export interface Lateness {
  /** Started days after `due`; 0 when it is in time (the grace counts as in time). */
  readonly days: number;
  /** What is taken off, in percent of the earned points. */
  readonly percent: Fraction;
}

/** Decided by the submission's time alone, never by now, so that grading again does not move it. */
export function lateness(submittedAt: Date | null, due: Date | null, late: Late | null): Lateness {
  if (submittedAt === null || due === null) return { days: 0, percent: zero };
  const graceMs = late?.grace === undefined ? 0 : parseDuration(late.grace);
  const over = submittedAt.getTime() - due.getTime();
  if (over <= graceMs) return { days: 0, percent: zero };
  const days = Math.ceil(over / DAY_MS);
  const all = fraction(100n);
  if (late?.maxDays !== undefined && days > late.maxDays) return { days, percent: all };
  const percent = multiply(pointsOf(late?.percentPerDay ?? 0), fraction(BigInt(days)));
  return { days, percent: percent.numerator > all.numerator * percent.denominator ? all : percent };
}

/** What remains of earned points. */
export function afterLateness(earned: Fraction, { percent }: Lateness): Fraction {
  return multiply(earned, subtract(fraction(1n), multiply(percent, fraction(1n, 100n))));
}
