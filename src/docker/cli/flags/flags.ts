/**
 * One flag of a command. `initial` is its value when it is not given; `parse` gives the value after `text` was given,
 * and throws an Error in Go's words (`strconv.ParseInt: parsing "x": invalid syntax`) when it cannot.
 */
export interface FlagSpec<T = unknown> {
  /** The kind of value as help shows it; empty for a switch. */
  readonly type: string;
  /** One letter: `-f`. */
  readonly short?: string;
  readonly usage: string;
  readonly initial: T;
  parse(text: string, before: T): T;
  /** The text it stands for when given without a value; without this a value is required. */
  readonly bare?: string;
  /** What help shows as `(default …)`. */
  readonly shownDefault?: string;
  readonly hidden?: boolean;
}

/** Flags by long name, without the dashes. */
export type FlagSet = Readonly<Record<string, FlagSpec>>;

/** The values of a FlagSet after parsing, by the same names. */
export type FlagValues<F extends FlagSet> = { readonly [K in keyof F]: F[K] extends FlagSpec<infer T> ? T : never };

interface Extra {
  readonly short?: string;
  readonly type?: string;
  readonly hidden?: boolean;
  readonly shownDefault?: string;
}

const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** A switch: `-a`, `--all`, `--all=false`. */
export function bool(usage: string, extra: Extra & { readonly initial?: boolean } = {}): FlagSpec<boolean> {
  const { initial = false, ...rest } = extra;
  return {
    type: "",
    usage,
    initial,
    bare: "true",
    ...(initial ? { shownDefault: "true" } : {}),
    ...rest,
    parse(text) {
      if (TRUE.has(text)) return true;
      if (FALSE.has(text)) return false;
      throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
    },
  };
}

/** A string; the last one given counts. */
export function string(usage: string, extra: Extra & { readonly initial?: string } = {}): FlagSpec<string> {
  const { initial = "", ...rest } = extra;
  return {
    type: "string",
    usage,
    initial,
    ...(initial === "" ? {} : { shownDefault: JSON.stringify(initial) }),
    ...rest,
    parse: (text) => text,
  };
}

/** A whole number, in Go's notations (`10`, `-1`, `0x1f`). */
export function int(usage: string, extra: Extra & { readonly initial?: number } = {}): FlagSpec<number> {
  const { initial = 0, ...rest } = extra;
  return {
    type: "int",
    usage,
    initial,
    ...(initial === 0 ? {} : { shownDefault: String(initial) }),
    ...rest,
    parse(text) {
      if (/^[+-]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9][0-9]*|0)$/.test(text)) {
        const digits = text.replace(/^[+-]/, "").replace(/^0(?=[0-7])/, "0o");
        return text.startsWith("-") ? -Number(digits) : Number(digits);
      }
      throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    },
  };
}

/** A whole number from 0 to 65535. */
export function uint16(usage: string): FlagSpec<number> {
  return {
    type: "uint16",
    usage,
    initial: 0,
    shownDefault: "0",
    parse(text) {
      if (!/^\d+$/.test(text)) throw new Error(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
      if (Number(text) > 65535) throw new Error(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
      return Number(text);
    },
  };
}

/** A number that may be left out: null when it was not given. */
export function optionalInt(usage: string, extra: Extra = {}): FlagSpec<number | null> {
  const number = int(usage, extra);
  return { ...number, initial: null, parse: (text) => number.parse(text, 0) };
}

/** May be given many times: every value, in order. `check` throws when a value is wrong. */
export function list(usage: string, extra: Extra & { readonly check?: (text: string) => void } = {}): FlagSpec<readonly string[]> {
  const { check, ...rest } = extra;
  return {
    type: "list",
    usage,
    initial: [],
    ...rest,
    parse(text, before) {
      check?.(text);
      return [...before, text];
    },
  };
}

/** Like `list`, and each value may hold many, separated by commas. */
export function strings(usage: string, extra: Extra = {}): FlagSpec<readonly string[]> {
  return { type: "strings", usage, initial: [], ...extra, parse: (text, before) => [...before, ...text.split(",")] };
}

/** `--filter key=value`, as the API takes it: `{"status": ["exited"]}`. */
export function filter(usage: string, extra: Extra = {}): FlagSpec<Readonly<Record<string, readonly string[]>>> {
  return {
    type: "filter",
    usage,
    initial: {},
    ...extra,
    parse(text, before) {
      if (text === "") return before;
      const at = text.indexOf("=");
      if (at < 0) throw new Error("bad format of filter (expected name=value)");
      const name = text.slice(0, at).trim().toLowerCase();
      const value = text.slice(at + 1).trim();
      const values = before[name] ?? [];
      return { ...before, [name]: values.includes(value) ? values : [...values, value] };
    },
  };
}

const BYTES: Readonly<Record<string, number>> = { "": 0, b: 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/** A size in bytes: `512m`, `1.5GB`, `2gib`; null when it was not given. */
export function bytes(usage: string, extra: Extra = {}): FlagSpec<number | null> {
  return { type: "bytes", usage, initial: null, ...extra, parse: parseBytes };
}

/** @throws Error `invalid size: 'x'`, `invalid suffix: 'z'` (docker's units.RAMInBytes: every unit is a power of 1024). */
export function parseBytes(text: string): number {
  const [, number, suffix = ""] = /^(.*[\d. ])([^\d. ]*)$/s.exec(text) ?? [];
  if (number === undefined || !/^\d+(\.\d+)?[ ]?$|^\d+\. ?$|^\.\d+ ?$/.test(number)) throw new Error(`invalid size: '${text}'`);
  const [, unit] = /^([kmgtp]?)(?:i?b)?$/i.exec(suffix) ?? [];
  if (unit === undefined) throw new Error(`invalid suffix: '${suffix}'`);
  return Math.trunc(Number(number) * 1024 ** (BYTES[unit.toLowerCase()] ?? 0));
}

/** `--opt key=value`, many times: an object. */
export function map(usage: string, extra: Extra = {}): FlagSpec<Readonly<Record<string, string>>> {
  return {
    type: "map",
    usage,
    initial: {},
    shownDefault: "map[]",
    ...extra,
    parse: (text, before) => ({ ...before, ...keyValueMap([text]) }),
  };
}

/** `["a=b", "c"]` as `{a: "b", c: ""}`: how labels are given. */
export function keyValueMap(entries: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf("=");
      return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}
