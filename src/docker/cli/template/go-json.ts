import { GoFloat, GoMap, GoNil, GoSlice, JsonNumber, type GoValue } from "./go-value.ts";

const ESCAPED: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** JSON as Go's encoder writes it, with `<`, `>` and `&` escaped; `indent` as for JSON.stringify. */
export function goJson(value: unknown, indent?: string): string {
  const text = JSON.stringify(value, null, indent) ?? "null";
  return escapeHtml(text);
}

/** The same for a value of a template. */
export function templateJson(value: GoValue): string {
  if (value === null || value === undefined || value instanceof GoNil) return "null";
  if (value instanceof GoFloat) return JSON.stringify(value.value);
  if (value instanceof JsonNumber) return value.text;
  if (typeof value !== "object") return goJson(value);
  if (value.source !== undefined) return goJson(value.source);
  if (value instanceof GoSlice) return `[${value.items.map(templateJson).join(",")}]`;
  const entries = value instanceof GoMap ? [...value.entries].toSorted(([a], [b]) => (a < b ? -1 : 1)) : [...value.fields];
  return `{${entries.map(([key, inner]) => `${goJson(key)}:${templateJson(inner)}`).join(",")}}`;
}

/** Go writes `\u0008` where JavaScript writes `\b`. */
function escapeHtml(text: string): string {
  return text
    .replaceAll(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] ?? character)
    .replaceAll(/\\\\|\\b|\\f/g, (escape) => (escape === "\\b" ? "\\u0008" : escape === "\\f" ? "\\u000c" : escape));
}
