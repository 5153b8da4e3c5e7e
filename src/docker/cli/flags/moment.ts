import { parseDuration } from "./duration.ts";

/**
 * Unix seconds of what people write for a point in time: seconds (`1136073600.5`), a time (`2013-01-02T13:23:37`, in UTC or with its zone,
 * or only its first parts), or a duration before `now` (milliseconds). @throws Error in docker's words.
 */
export function parseMoment(text: string, now: number): number {
  try {
    return (now - parseDuration(text) / 1e6) / 1000;
  } catch {
    // No duration: then a number or a date.
  }
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const [, date, hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(\.\d+)?)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const whole = date === undefined ? Number.NaN : Date.parse(`${date}T${hour}:${minute}:${second}${zone}`);
  if (Number.isNaN(whole)) throw new Error(`failed to parse value as time or duration: ${JSON.stringify(text)}`);
  return whole / 1000 + Number(`0${fraction}`);
}
