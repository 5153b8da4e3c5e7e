import type { TextsByName } from "../../scenario/scenario.generated.ts";
import { field, type Field } from "./mismatch.ts";
import { matchText } from "./text.ts";
import { say } from "../../plan/sayings.ts";

/** A field for each of `expected`: variables, labels; null is for those that must not be there. */
export function matchNamedTexts(
  what: "variable {0}" | "label {0}" | "attribute {0}" | "header {0}",
  expected: TextsByName | undefined,
  actual: ReadonlyMap<string, string>,
): readonly Field[] {
  return Object.entries(expected ?? {}).map(([key, matcher]): Field => {
    const name = say(what, key);
    const value = actual.get(key);
    if (matcher === null || value === undefined) {
      const wanted = typeof matcher === "object" ? (matcher === null ? null : "set") : matcher;
      return field(name, wanted, value, matcher === null && value === undefined);
    }
    return { name, mismatch: matchText(name, matcher, value) };
  });
}

/** `["A=b"]` → A: b. */
export function environmentOf(list: readonly string[] | null | undefined): ReadonlyMap<string, string> {
  return new Map(
    (list ?? []).map((entry) => {
      const [name = "", ...value] = entry.split("=");
      return [name, value.join("=")];
    }),
  );
}
