import { InvalidArgumentError } from "../../base/errors.ts";

/** An exact number of points: `numerator / denominator` in lowest terms, the denominator positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** `numerator / denominator` in lowest terms. */
export function fraction(numerator: bigint, denominator = 1n): Fraction {
  if (denominator === 0n) throw new InvalidArgumentError("a fraction's denominator is zero");
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = gcd(numerator < 0n ? -numerator : numerator, denominator * sign) * sign;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export const zero: Fraction = fraction(0n);

/** The exact value of points as an author writes them, with at most three decimals. */
export function pointsOf(value: number): Fraction {
  return fraction(BigInt(Math.round(value * 1000)), 1000n);
}

export function add(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function subtract(a: Fraction, b: Fraction): Fraction {
  return add(a, { numerator: -b.numerator, denominator: b.denominator });
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

export function divide(a: Fraction, by: number): Fraction {
  return fraction(a.numerator, a.denominator * BigInt(by));
}

export function sum(values: Iterable<Fraction>): Fraction {
  let total = zero;
  for (const value of values) total = add(total, value);
  return total;
}

/** The nearest number, for people and formats that know no fractions. */
export function toNumber({ numerator, denominator }: Fraction): number {
  return Number(numerator) / Number(denominator);
}

/** `3`, `2.5`, or with at most three decimals: `0.333`. */
export function formatPoints(value: Fraction): string {
  return String(Math.round(toNumber(value) * 1000) / 1000);
}
