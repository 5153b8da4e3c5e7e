import { humanDuration } from "../../../base/human-duration.ts";

const DECIMAL = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

/** `1.24MB`: bytes in powers of 1000 with four significant digits (docker's units.HumanSize), three by default in lists. */
export function humanSize(bytes: number, digits = 4): string {
  return scaled(bytes, 1000, DECIMAL, digits);
}

/** `1.5MiB`: bytes in powers of 1024 (docker's units.BytesSize). */
export function bytesSize(bytes: number): string {
  return scaled(bytes, 1024, BINARY, 4);
}

function scaled(bytes: number, base: number, units: readonly string[], digits: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= base && unit < units.length - 1) {
    size /= base;
    unit++;
  }
  return `${significant(size, digits)}${units[unit]}`;
}

/** Go's `%.Ng`: N significant digits, no trailing zeros, an exponent when the number needs more digits before the point. */
export function significant(value: number, digits: number): string {
  if (value === 0) return "0";
  const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = "", power = ""] = value.toExponential(digits - 1).split("e");
    const number = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return `${number}e${power.startsWith("-") ? "-" : "+"}${power.replace(/^[+-]/, "").padStart(2, "0")}`;
  }
  const text = value.toFixed(Math.max(0, digits - 1 - exponent));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** `3 seconds ago`, of a time in Unix seconds; `now` in milliseconds. */
export function ago(unixSeconds: number, now: number): string {
  return `${humanDuration(now / 1000 - unixSeconds)} ago`;
}
