import { significant } from "../format/human-units.ts";
import { GoFloat, GoMap, GoNil, GoSlice, GoStruct, JsonNumber, type GoValue } from "./go-value.ts";

/** What `{{value}}` prints: a missing value is `<no value>`. */
export function printValue(value: GoValue): string {
  return value === undefined || value === null ? "<no value>" : formatValue(value);
}

/** Go's `%v`: `map[a:b]`, `[a b]`, `{x 1}`, `<nil>`. */
export function formatValue(value: GoValue, depth = 0): string {
  if (value === null || value === undefined || value instanceof GoNil) return "<nil>";
  if (value instanceof GoFloat) return formatFloat(value.value);
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof GoSlice) return `[${value.items.map((item) => formatValue(item, depth + 1)).join(" ")}]`;
  if (value instanceof GoMap) {
    const entries = [...value.entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, inner]) => `${key}:${formatValue(inner, depth + 1)}`).join(" ")}]`;
  }
  if (value instanceof GoStruct) {
    if (value.text !== null) return value.text;
    // Go prints where an inner pointer points to; no address is worth more than another.
    if (value.pointer && depth > 0) return "0xc000000000";
    return `{${[...value.fields.values()].map((field) => formatValue(field, depth + 1)).join(" ")}}`;
  }
  return String(value);
}

/** Go's `%v` of a float64: the shortest text, with an exponent below 1e-4 and from 1e21 on. */
export function formatFloat(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e21)) return String(value);
  return significant(value, 17);
}

/** Go's `fmt.Sprint`: a space between two operands when neither is a string. */
export function sprint(values: readonly GoValue[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const space = index > 0 && typeof value !== "string" && typeof before !== "string" ? " " : "";
      return space + formatValue(value);
    })
    .join("");
}
