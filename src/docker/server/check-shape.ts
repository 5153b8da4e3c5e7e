import { InvalidArgumentError } from "../../base/errors.ts";

type Simple = "string" | "bool" | "int" | "[]string" | "strslice.StrSlice" | "map[string]string" | "map" | "struct" | "[]struct" | "[]int";
/** What is inside of a struct, a list or a map, where more than its kind is looked at. */
type Kind = Simple | { readonly struct: string; readonly shape: Shape } | { readonly listOf: Kind } | { readonly mapOf: Kind };
/** The kind of each field that is read; others pass unread. Null stands for "not given" in all of them. */
export interface Shape {
  readonly [field: string]: Kind;
}

const isMap = (value: unknown): boolean => typeof value === "object" && !Array.isArray(value);
const isListOf =
  (type: string) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every((each) => typeof each === type);

const ACCEPTS: Readonly<Record<Simple, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  bool: (value) => typeof value === "boolean",
  int: Number.isSafeInteger,
  "[]string": isListOf("string"),
  "strslice.StrSlice": isListOf("string"),
  "map[string]string": (value) => isMap(value) && Object.values(value as object).every((each) => typeof each === "string"),
  map: isMap,
  struct: isMap,
  "[]struct": (value) => Array.isArray(value) && value.every((each) => each !== null && isMap(each)),
  "[]int": isListOf("number"),
};

/**
 * Checks a decoded JSON object against `shape`, so that the engine sees no field of another type than it declares.
 * A command given as one string becomes a list of it, as in Docker.
 * @throws InvalidArgumentError naming the field, in the daemon's words.
 */
export function checkShape(type: string, value: unknown, shape: Shape): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError(`invalid JSON: json: cannot unmarshal ${nameOf(value)} into Go value of type ${type}`);
  }
  const fields = { ...value } as Record<string, unknown>;
  for (const [name, kind] of Object.entries(shape)) {
    const field = fields[name];
    if (field !== undefined && field !== null) fields[name] = checkField(`${type}.${name}`, field, kind);
  }
  return fields;
}

function checkField(path: string, field: unknown, kind: Kind): unknown {
  const refuse = (): never => {
    throw new InvalidArgumentError(
      `invalid JSON: json: cannot unmarshal ${nameOf(field)} into Go struct field ${path} of type ${typeName(kind)}`,
    );
  };
  if (typeof kind === "string") {
    if (kind === "strslice.StrSlice" && typeof field === "string") return [field];
    return ACCEPTS[kind](field) ? field : refuse();
  }
  if ("struct" in kind) return isMap(field) ? checkShape(path, field, kind.shape) : refuse();
  if ("listOf" in kind) return Array.isArray(field) ? field.map((each) => checkEach(path, each, kind.listOf)) : refuse();
  if (!isMap(field)) return refuse();
  const entries = Object.entries(field as object).map(([key, each]) => [key, checkEach(path, each, kind.mapOf)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** An element may be null where Docker's is a pointer or a list; a list of structs has none. */
function checkEach(path: string, value: unknown, kind: Kind): unknown {
  if (value === null) return typeof kind === "object" && "struct" in kind ? {} : null;
  return checkField(path, value, kind);
}

function typeName(kind: Kind): string {
  if (typeof kind === "string") return kind;
  if ("struct" in kind) return kind.struct;
  return "listOf" in kind ? `[]${typeName(kind.listOf)}` : `map[string]${typeName(kind.mapOf)}`;
}

function nameOf(value: unknown): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value === "boolean" ? "bool" : typeof value;
}
