import { GoFloat, GoNil, JsonNumber, type GoValue } from "./go-value.ts";

type Comparable = { readonly kind: "string"; readonly value: string } | { readonly kind: "int" | "float" | "bool"; readonly value: number };

/** Go's `eq`. @throws Error `incompatible types for comparison` or `non-comparable…` in Go's words. */
export function equals(a: GoValue, b: GoValue): boolean {
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b);
  const first = comparable(a);
  const second = comparable(b);
  if (first.kind !== second.kind) throw new Error("incompatible types for comparison");
  return first.value === second.value;
}

/** Go's `lt` and its like: below 0, 0, or above. @throws Error as {@link equals}. */
export function compare(a: GoValue, b: GoValue): number {
  const first = comparable(a);
  const second = comparable(b);
  if (first.kind !== second.kind) throw new Error("incompatible types for comparison");
  if (first.kind === "bool") throw new Error("invalid type for comparison");
  return first.value < second.value ? -1 : first.value > second.value ? 1 : 0;
}

function comparable(value: GoValue): Comparable {
  if (typeof value === "string") return { kind: "string", value };
  if (value instanceof JsonNumber) return { kind: "string", value: value.text };
  if (typeof value === "number") return { kind: "int", value };
  if (value instanceof GoFloat) return { kind: "float", value: value.value };
  if (typeof value === "boolean") return { kind: "bool", value: Number(value) };
  throw new Error("invalid type for comparison");
}

function isNil(value: GoValue): boolean {
  return value === null || value === undefined || value instanceof GoNil;
}
