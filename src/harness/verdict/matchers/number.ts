import type { ExitCode, NumberMatcher } from "../../scenario/scenario.generated.ts";
import type { Mismatch } from "./mismatch.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** @param what names the number: `exit code`. */
export function matchNumber(what: Said, expected: NumberMatcher, actual: number): Mismatch | null {
  if (isNumber(expected, actual)) return null;
  const wanted = describeNumber(expected);
  const broken =
    typeof expected === "number" ? undefined : Object.entries(expected).find(([key, value]) => !isNumber({ [key]: value }, actual));
  return {
    ...asRationale(say("{0} is {1}, not {2}", what, actual, wanted)),
    expected: wanted,
    actual: String(actual),
    ...(broken && { at: [broken[0]] }),
  };
}

function isNumber(expected: NumberMatcher, actual: number): boolean {
  if (typeof expected === "number") return actual === expected;
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity, oneOf, not } = expected;
  const isWithin = actual >= min && actual <= max && actual > above && actual < below;
  return isWithin && (oneOf === undefined || oneOf.includes(actual)) && (not === undefined || !isNumber(not, actual));
}

/** `3`, `2 to 5`, `at least 2`, `more than 1 and one of 2, 3 and not 4`. */
function describeNumber(expected: NumberMatcher): string {
  if (typeof expected === "number") return String(expected);
  const { min, max, above, below, oneOf, not } = expected;
  const parts: string[] = [];
  if (min !== undefined && max !== undefined) parts.push(min === max ? String(min) : `${min} to ${max}`);
  else if (min !== undefined) parts.push(`at least ${min}`);
  else if (max !== undefined) parts.push(`at most ${max}`);
  if (above !== undefined) parts.push(`more than ${above}`);
  if (below !== undefined) parts.push(`less than ${below}`);
  if (oneOf !== undefined) parts.push(`one of ${oneOf.join(", ")}`);
  if (not !== undefined) parts.push(`not ${describeNumber(not)}`);
  return parts.join(" and ");
}

export function matchExitCode(expected: ExitCode, actual: number): Mismatch | null {
  const ok = expected === "any" || (expected === "nonzero" ? actual !== 0 : [expected].flat().includes(actual));
  if (ok) return null;
  const wanted = expected === "nonzero" ? "nonzero" : [expected].flat().join(" or ");
  return { ...asRationale(say("{0} is {1}, not {2}", say("exit code"), actual, wanted)), expected: wanted, actual: String(actual) };
}
