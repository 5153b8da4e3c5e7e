import { InvalidArgumentError } from "../../base/errors.ts";
import type { Duration } from "./scenario.generated.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a time as authors write it: seconds as a number, or `500ms`, `10s`, `2m`, `1h`. @throws InvalidArgumentError */
export function parseDuration(duration: Duration): number {
  if (typeof duration === "number") return Math.round(duration * 1000);
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration) ?? [];
  if (amount === undefined || unit === undefined) throw new InvalidArgumentError(`invalid duration ${JSON.stringify(duration)}`);
  return Math.round(Number(amount) * (UNITS[unit] ?? 0));
}

/** `500 ms`, `10 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
