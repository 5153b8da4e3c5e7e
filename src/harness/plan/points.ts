import { InvalidArgumentError } from "../../base/errors.ts";
import { add, divide, formatPoints, fraction, pointsOf, subtract, sum, toNumber, zero, type Fraction } from "./fraction.ts";
import type { Expectation } from "./plan.ts";

/** Expectations written as one map, and the points it says they earn together. */
export interface Group {
  readonly expectations: readonly Expectation[];
  readonly points: number | undefined;
}

/**
 * Gives every expectation its points. A group's own are shared evenly in it. What the scenario has beyond those is shared evenly by the
 * expectations without; implicit ones (a step's exit code 0) get some only when there are no others. Without any points
 * the scenario is worth 1.
 * @throws InvalidArgumentError when the groups' points are more than the scenario's, or less with nobody to take the rest.
 */
export function sharePoints(groups: readonly Group[], total: number | undefined): ReadonlyMap<string, Fraction> {
  const own = groups.filter(({ points }) => points !== undefined);
  const ownTotal = sum(own.map(({ points }) => pointsOf(points ?? 0)));
  const all = total !== undefined ? pointsOf(total) : own.length > 0 ? ownTotal : fraction(1n);
  const rest = subtract(all, ownTotal);
  const others = groups.filter(({ points }) => points === undefined).flatMap(({ expectations }) => expectations);
  const explicit = others.filter((expectation) => expectation.explicit);
  const takers = explicit.length > 0 || own.length > 0 ? explicit : others;
  if (toNumber(rest) < 0 || (toNumber(rest) > 0 && takers.length === 0)) {
    throw new InvalidArgumentError(`the expectations' points add up to ${formatPoints(ownTotal)}, not to ${formatPoints(all)}`);
  }
  const shares = new Map<string, Fraction>();
  const share = (expectations: readonly Expectation[], points: Fraction): void => {
    for (const { id } of expectations) shares.set(id, add(shares.get(id) ?? zero, divide(points, expectations.length)));
  };
  for (const { expectations, points } of own) share(expectations, pointsOf(points ?? 0));
  if (takers.length > 0) share(takers, rest);
  return shares;
}
