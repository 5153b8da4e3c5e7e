import { GoFloat, GoMap, GoNil, GoSlice, GoStruct, JsonNumber, type GoValue } from "./go-value.ts";

const ESCAPED: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** What `{{json .}}` gives. Docker has `<`, `>` and `&` escaped in whole rows of its lists, and nowhere else. */
export function templateJson(value: GoValue): string {
  const isRow = value instanceof GoStruct && (value.source === undefined || isListed(value.source));
  return isRow ? encode(value).replaceAll(/[<>&]/g, (character) => ESCAPED[character] ?? character) : encode(value);
}

/** What makes its fields only when they are asked for: an item of a list. */
function isListed(source: unknown): boolean {
  return typeof source === "object" && source !== null && "toJSON" in source;
}

function encode(value: GoValue): string {
  if (value === null || value === undefined || value instanceof GoNil) return "null";
  if (value instanceof GoFloat) return JSON.stringify(value.value);
  if (value instanceof JsonNumber) return value.text;
  if (typeof value !== "object") return plainJson(value);
  if (value.source !== undefined) return plainJson(value instanceof GoMap ? sorted(value.source) : value.source);
  if (value instanceof GoSlice) return `[${value.items.map(encode).join(",")}]`;
  const entries = value instanceof GoMap ? [...value.entries].toSorted(([a], [b]) => (a < b ? -1 : 1)) : [...value.fields];
  return `{${entries.map(([key, inner]) => `${plainJson(key)}:${encode(inner)}`).join(",")}}`;
}

/** Go writes a map's keys in order. */
function sorted(source: unknown): unknown {
  return source && Object.fromEntries(Object.entries(source).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Go writes `\u0008` where JavaScript writes `\b`. */
function plainJson(value: unknown): string {
  return (JSON.stringify(value) ?? "null")
    .replaceAll(/[\u2028\u2029]/g, (character) => ESCAPED[character] ?? character)
    .replaceAll(/\\\\|\\b|\\f/g, (escape) => (escape === "\\b" ? "\\u0008" : escape === "\\f" ? "\\u000c" : escape));
}
