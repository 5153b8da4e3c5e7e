/**
 * What a template computes with, as Go sees it. Strings, booleans and whole numbers are themselves; `null` is a nil interface, and
 * `undefined` is no value at all (a missing key of a map), which prints as `<no value>`.
 */
export type GoValue = string | number | boolean | null | undefined | GoNil | GoFloat | JsonNumber | GoMap | GoSlice | GoStruct;

/** A nil pointer of a known type: prints as `<nil>`, is false. */
export class GoNil {
  readonly type: string;
  constructor(type: string) {
    this.type = type;
  }
}

/** A float64: a number with a point or an exponent. */
export class GoFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A number of JSON that was read without knowing its type: a string to comparisons, a number to JSON. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A map with string keys. `missing` is what `index` gives for a key that is not there. */
export class GoMap {
  readonly type: string;
  readonly entries: ReadonlyMap<string, GoValue>;
  readonly missing: GoValue;
  readonly source: unknown;
  constructor(type: string, entries: ReadonlyMap<string, GoValue>, options: { missing?: GoValue; source?: unknown } = {}) {
    this.type = type;
    this.entries = entries;
    this.missing = options.missing;
    this.source = options.source;
  }
}

export class GoSlice {
  readonly type: string;
  readonly items: readonly GoValue[];
  readonly source: unknown;
  constructor(type: string, items: readonly GoValue[], source?: unknown) {
    this.type = type;
    this.items = items;
    this.source = source;
  }
}

export type GoMethod = (...args: readonly GoValue[]) => GoValue;

/**
 * A struct, or a pointer to one: fields in order, and methods that templates call like fields (`{{.Label "x"}}`).
 * `source` is what `json` prints when it is not simply the fields.
 */
export class GoStruct {
  readonly type: string;
  readonly fields: ReadonlyMap<string, GoValue>;
  readonly methods: Readonly<Record<string, GoMethod>>;
  readonly source: unknown;
  readonly pointer: boolean;
  /** What printing it shows, for types with a `String` method. */
  readonly text: string | null;
  constructor(
    type: string,
    fields: ReadonlyMap<string, GoValue>,
    options: { methods?: Readonly<Record<string, GoMethod>>; source?: unknown; pointer?: boolean; text?: string } = {},
  ) {
    this.text = options.text ?? null;
    this.type = type;
    this.fields = fields;
    this.methods = options.methods ?? {};
    this.source = options.source;
    this.pointer = options.pointer ?? false;
  }
}

/** The name of a value's type, as Go's errors spell it. */
export function typeOf(value: GoValue): string {
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "int";
  if (typeof value === "boolean") return "bool";
  if (value === null || value === undefined) return "interface {}";
  if (value instanceof GoFloat) return "float64";
  if (value instanceof JsonNumber) return "json.Number";
  if (value instanceof GoStruct && value.pointer) return `*${value.type}`;
  return value.type;
}

/** Go's truth: everything but false, 0, "", nil and what is empty. */
export function isTrue(value: GoValue): boolean {
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoFloat) return value.value !== 0;
  if (value instanceof JsonNumber) return value.text !== "";
  if (value instanceof GoStruct) return true;
  if (value instanceof GoNil) return false;
  return Boolean(value);
}

/** Parsed JSON of unknown shape, as Go decodes it into an `interface {}` with UseNumber. */
export function fromJson(value: unknown): GoValue {
  if (Array.isArray(value))
    return new GoSlice(
      "[]interface {}",
      value.map((item) => fromJson(item)),
      value,
    );
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, inner]): [string, GoValue] => [key, fromJson(inner)]);
    return new GoMap("map[string]interface {}", new Map(entries), { source: value });
  }
  if (typeof value === "number") return new JsonNumber(String(value));
  return typeof value === "string" || typeof value === "boolean" ? value : null;
}
