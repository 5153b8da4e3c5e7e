import { parseDuration } from "./duration.ts";
import { bool, bytes, filter, int, list, string, strings, type FlagSet, type FlagSpec } from "./flags.ts";

/** The kinds of values that are looked at before an engine is asked; every other kind is taken as it is, and may be given many times. */
const KINDS: Readonly<Record<string, (usage: string, extra: { readonly short?: string }) => FlagSpec>> = {
  "": (usage, extra) => bool(usage, { ...extra, initial: usage.endsWith("(default true)") }),
  string,
  int,
  list,
  strings,
  filter,
  bytes,
  uint: (usage, extra) => ({ ...string(usage, extra), type: "uint", parse: unsigned(64) }),
  uint32: (usage, extra) => ({ ...string(usage, extra), type: "uint32", parse: unsigned(32) }),
  duration: (usage, extra) => ({ ...string(usage, extra), type: "duration", parse: (text) => (parseDuration(text), text) }),
  float: (usage, extra) => ({ ...string(usage, extra), type: "float", parse: float }),
  decimal: (usage, extra) => ({ ...string(usage, extra), type: "decimal", parse: decimal }),
};

/**
 * Flags as help lists them, a line each: `-f, --force  Force it`, `--name string  Its name (default "x")`. For commands with so many flags
 * that a line of code for each would say nothing more. A default is part of the usage; the flag's value is then that of a flag not given.
 */
export function flagLines(text: string): FlagSet {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [, short, name = "", type = "", usage = ""] = /^(?:-(\w), )?--([\w-]+)(?: (\S+))? {2}(.*)$/.exec(line) ?? [];
      if (name === "") throw new SyntaxError(`no flag: ${line}`);
      const kind = KINDS[type] ?? ((about, extra) => list(about, { ...extra, type }));
      // The usage has the default already.
      const { shownDefault: _, ...flag } = kind(usage, short === undefined ? {} : { short });
      return [name, flag];
    }),
  );
}

const unsigned =
  (bits: number) =>
  (text: string): string => {
    if (!/^\d+$/.test(text)) throw new Error(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
    if (BigInt(text) >= 2n ** BigInt(bits)) throw new Error(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
    return text;
  };

function float(text: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
  return text;
}

function decimal(text: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new Error(`failed to parse ${text} as a rational number`);
  return text;
}
