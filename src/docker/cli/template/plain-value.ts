import { GoFloat, GoSlice, GoStruct, type GoValue } from "./go-value.ts";

/** Parsed JSON as the structs that docker would have read it into: every object has just the fields that are there. */
export function plainValue(value: unknown): GoValue {
  if (Array.isArray(value)) {
    const text = value.every((item) => typeof item === "string");
    return new GoSlice(
      text ? "[]string" : "[]interface {}",
      value.map((item) => plainValue(item)),
      value,
    );
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, inner]): [string, GoValue] => [key, plainValue(inner)]);
    return new GoStruct("types.Object", new Map(fields), { source: value });
  }
  if (typeof value === "number") return Number.isInteger(value) ? value : new GoFloat(value);
  return typeof value === "string" || typeof value === "boolean" ? value : null;
}
