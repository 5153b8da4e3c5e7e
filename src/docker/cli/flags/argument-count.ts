import type { ArgumentCount } from "../command.ts";

/** Docker's complaint about a wrong number of words, `accepts no arguments`; null when the number is right. */
export function argumentCountComplaint({ min, max = Infinity }: ArgumentCount, given: number): string | null {
  if (given >= min && given <= max) return null;
  if (max === 0) return "accepts no arguments";
  if (min === max) return `requires ${count(min)}`;
  if (max === Infinity) return `requires at least ${count(min)}`;
  if (min === 0) return `requires at most ${count(max)}`;
  return `requires at least ${min} and at most ${count(max)}`;
}

function count(number: number): string {
  return `${number} ${number === 1 ? "argument" : "arguments"}`;
}
