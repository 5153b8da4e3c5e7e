import { InvalidArgumentError } from "../../base/errors.ts";
import { fraction, type Fraction } from "../plan/fraction.ts";

/** `7/3`, `2`: nothing is lost. */
export function exactText({ numerator, denominator }: Fraction): string {
  return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;
}

/** Reads what `exactText` wrote. */
export function parseExact(text: string): Fraction {
  const [, numerator, denominator = "1"] = /^(-?\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (numerator === undefined) throw new InvalidArgumentError(`invalid points ${JSON.stringify(text)}`);
  return fraction(BigInt(numerator), BigInt(denominator));
}

/** Points as a course's system writes them, `10` or `10.00`; null for what is no number. */
export function pointsOfText(text: string): Fraction | null {
  const [, whole, decimals = ""] = /^\s*(\d{1,15})(?:[.,](\d{1,15}))?\s*$/.exec(text) ?? [];
  return whole === undefined ? null : fraction(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
}

/** Rounded once, halves up, to two decimals: `2.33`, `2.5`, `2`. Of points not below zero. */
export function pointsText({ numerator, denominator }: Fraction): string {
  const hundredths = (numerator * 200n + denominator) / (denominator * 2n);
  const decimals = String(hundredths % 100n)
    .padStart(2, "0")
    .replace(/0+$/, "");
  return decimals === "" ? String(hundredths / 100n) : `${hundredths / 100n}.${decimals}`;
}
