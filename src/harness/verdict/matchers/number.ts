import type { ExitCode, NumberMatcher } from "../../scenario/scenario.generated.ts";
import type { Mismatch } from "./mismatch.ts";

/** @param what names the number: `exit code`. */
export function matchNumber(what: string, expected: NumberMatcher, actual: number): Mismatch | null {
  const { min = -Infinity, max = Infinity } = typeof expected === "number" ? { min: expected, max: expected } : expected;
  if (actual >= min && actual <= max) return null;
  const wanted =
    min === max ? String(min) : max === Infinity ? `at least ${min}` : min === -Infinity ? `at most ${max}` : `${min} to ${max}`;
  return { rationale: `${what} is ${actual}, not ${wanted}`, expected: wanted, actual: String(actual) };
}

export function matchExitCode(expected: ExitCode, actual: number): Mismatch | null {
  const ok = expected === "any" || (expected === "nonzero" ? actual !== 0 : [expected].flat().includes(actual));
  if (ok) return null;
  const wanted = expected === "nonzero" ? "nonzero" : [expected].flat().join(" or ");
  return { rationale: `exit code is ${actual}, not ${wanted}`, expected: wanted, actual: String(actual) };
}
