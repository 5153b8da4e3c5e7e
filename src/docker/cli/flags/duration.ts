import type { FlagSpec } from "./flags.ts";

const NANOS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Nanoseconds of a Go duration, `1m30s`. @throws Error in Go's words. */
export function parseDuration(text: string): number {
  const invalid = new Error(`time: invalid duration ${JSON.stringify(text)}`);
  const [, sign, body = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (body === "0") return 0;
  if (body === "") throw invalid;
  let sum = 0;
  for (let rest = body; rest !== "";) {
    const [all = "", amount = "", unit = ""] = /^(\d*\.?\d*)([^\d.]*)/.exec(rest) ?? [];
    if (!/\d/.test(amount)) throw invalid;
    if (unit === "") throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
    const factor = NANOS[unit];
    if (factor === undefined) throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    sum += Number(amount) * factor;
    rest = rest.slice(all.length);
  }
  return Math.round(sign === "-" ? -sum : sum);
}

/** A span of time in nanoseconds; null when it was not given. */
export function duration(usage: string): FlagSpec<number | null> {
  return { type: "duration", usage, initial: null, shownDefault: "0s", parse: parseDuration };
}
