/**
 * What an answer's value must look like, written down: gives what is wrong with `value`, each with its place. `version` is the minor
 * version of the API that was asked in.
 */
export type Shape = (value: unknown, at: string, version: number) => readonly string[];

interface Field {
  readonly shape: Shape;
  /** Whether it must be there, may be, or must not. */
  readonly presence: (version: number) => "must" | "may" | "never";
}

const kind = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);

const simple =
  (name: string, accepts: (value: unknown) => boolean): Shape =>
  (value, at) =>
    accepts(value) ? [] : [`${at} is no ${name}: ${JSON.stringify(value)?.slice(0, 80)}`];

export const text = simple("text", (value) => typeof value === "string");
export const flag = simple("truth value", (value) => typeof value === "boolean");
export const integer = simple("whole number", (value) => Number.isInteger(value));
/** RFC 3339. */
export const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
/** Of a container, a network or an exec. */
export const id = matching(/^[0-9a-f]{64}$/);
export const digest = matching(/^sha256:[0-9a-f]{64}$/);
export const anything: Shape = () => [];

export function matching(pattern: RegExp): Shape {
  return simple(`text like ${pattern.source}`, (value) => typeof value === "string" && pattern.test(value));
}

export function oneOf(...values: readonly unknown[]): Shape {
  return simple(`one of ${values.join(", ")}`, (value) => values.includes(value));
}

export function either(...shapes: readonly Shape[]): Shape {
  return (value, at, version) => {
    const complaints = shapes.map((shape) => shape(value, at, version));
    return complaints.find((each) => each.length === 0) ?? complaints.flat();
  };
}

export function nullable(shape: Shape): Shape {
  return (value, at, version) => (value === null ? [] : shape(value, at, version));
}

export function list(shape: Shape): Shape {
  return (value, at, version) =>
    Array.isArray(value)
      ? value.flatMap((each, index) => shape(each, `${at}[${index}]`, version))
      : [`${at} is no list but ${kind(value)}`];
}

/** An object with any keys. */
export function map(shape: Shape): Shape {
  return (value, at, version) =>
    kind(value) === "object"
      ? Object.entries(value as object).flatMap(([key, each]) => shape(each, `${at}[${JSON.stringify(key)}]`, version))
      : [`${at} is no object but ${kind(value)}`];
}

/** A field that may be left out. */
export const maybe = (shape: Shape): Field => ({ shape, presence: () => "may" });
/** A field that came with a version of the API; daemons may give it to older clients too. */
export const since = (minor: number, shape: Shape): Field => ({ shape, presence: (version) => (version >= minor ? "must" : "may") });
/** A field that is given to clients before this version, and to no other. */
export const until = (minor: number, shape: Shape): Field => ({ shape, presence: (version) => (version < minor ? "must" : "never") });
/** A field that may be given to clients before this version, and to no other. */
export const maybeUntil = (minor: number, shape: Shape): Field => ({ shape, presence: (version) => (version < minor ? "may" : "never") });

/** An object with these fields and no other. */
export function object(fields: Readonly<Record<string, Shape | Field>>): Shape {
  return (value, at, version) => {
    if (kind(value) !== "object") return [`${at} is no object but ${kind(value)}`];
    const given = value as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(fields, name));
    const wrong = Object.entries(fields).flatMap(([name, field]): readonly string[] => {
      const { shape, presence } = typeof field === "function" ? { shape: field, presence: () => "must" as const } : field;
      const is = presence(version);
      if (!Object.hasOwn(given, name)) return is === "must" ? [`${at}.${name} is missing`] : [];
      return is === "never" ? [`${at}.${name} should not be there`] : shape(given[name], `${at}.${name}`, version);
    });
    return [...unknown.map((name) => `${at}.${name} is not in the reference`), ...wrong];
  };
}
