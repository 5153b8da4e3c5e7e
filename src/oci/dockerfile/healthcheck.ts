import { InvalidArgumentError } from "../../base/errors.ts";
import type { HealthConfig } from "../image-config.ts";

const nanoseconds: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** The arguments of HEALTHCHECK: `NONE`, or options and `CMD …`. @throws InvalidArgumentError */
export function healthcheck(text: string): HealthConfig {
  const options = new Map<string, string>();
  let rest = text.trim();
  for (let match = /^--([a-z-]+)=(\S*)\s*/.exec(rest); match; match = /^--([a-z-]+)=(\S*)\s*/.exec(rest)) {
    options.set(match[1] ?? "", match[2] ?? "");
    rest = rest.slice(match[0].length);
  }
  const [, bare] = /^--([a-z-]+)(?:\s|$)/.exec(rest) ?? [];
  if (bare !== undefined) throw new InvalidArgumentError(`Missing a value on flag: ${bare}`);
  const [, kind = "", command = ""] = /^(\S*)\s*([\s\S]*)$/.exec(rest) ?? [];
  if (kind.toUpperCase() === "NONE") {
    if (command !== "") throw new InvalidArgumentError("HEALTHCHECK NONE takes no arguments");
    return { Test: ["NONE"] };
  }
  if (kind.toUpperCase() !== "CMD") throw new InvalidArgumentError(`Unknown type "${kind.toUpperCase()}" in HEALTHCHECK (try CMD)`);
  if (command === "") throw new InvalidArgumentError("Missing command after HEALTHCHECK CMD");
  const config: { -readonly [K in keyof HealthConfig]: HealthConfig[K] } = { Test: testOf(command) };
  for (const [name, value] of options) {
    if (name === "interval") config.Interval = duration(name, value);
    else if (name === "timeout") config.Timeout = duration(name, value);
    else if (name === "start-period") config.StartPeriod = duration(name, value);
    else if (name === "start-interval") config.StartInterval = duration(name, value);
    else if (name === "retries") config.Retries = retries(value);
    else throw new InvalidArgumentError(`Unknown flag: ${name}`);
  }
  return config;
}

function retries(text: string): number {
  if (!/^[+-]?\d{1,9}$/.test(text)) throw new InvalidArgumentError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (Number(text) < 1) throw new InvalidArgumentError(`--retries must be at least 1 (not ${Number(text)})`);
  return Number(text);
}

function testOf(command: string): readonly string[] {
  if (command.startsWith("[")) {
    try {
      const list: unknown = JSON.parse(command);
      if (Array.isArray(list) && list.every((item) => typeof item === "string")) return ["CMD", ...list];
    } catch {
      // No JSON: a shell command.
    }
  }
  return ["CMD-SHELL", command];
}

/** Go's duration, `1m30s`, in nanoseconds; shorter than a millisecond is none but 0. */
function duration(name: string, text: string): number {
  const unsigned = text.replace(/^[-+]/, "");
  if (unsigned === "0") return 0;
  const parts = [...unsigned.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== unsigned) {
    throw new InvalidArgumentError(`time: invalid duration ${JSON.stringify(text)}`);
  }
  const length = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (nanoseconds[unit ?? ""] ?? 0), 0);
  const value = text.startsWith("-") ? -length : length;
  if (value !== 0 && value < 1e6) throw new InvalidArgumentError(`Interval ${JSON.stringify(name)} cannot be less than 1ms`);
  return value;
}
