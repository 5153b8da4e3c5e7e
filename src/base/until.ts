import { InvalidArgumentError } from "./errors.ts";

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/**
 * A moment as filters name it, in milliseconds since the epoch: `24h` or `1h30m` before `now`, Unix seconds, or a date.
 * @throws InvalidArgumentError in Docker's words.
 */
export function parseUntil(text: string, now: Date): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join("") === text) {
    return now.getTime() - parts.reduce((sum, [, number, unit]) => sum + Number(number) * (unitMs[unit ?? ""] ?? 0), 0);
  }
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError(`failed to parse value as time or duration: "${text}"`);
  return time;
}

/** The moment of an `until` filter; null without one. @throws InvalidArgumentError for more than one, or what is none. */
export function untilOf(values: readonly string[] | undefined, now: Date): number | null {
  const [value, ...more] = values ?? [];
  if (value === undefined) return null;
  if (more.length > 0) throw new InvalidArgumentError("more than one until filter specified");
  return parseUntil(value, now);
}
