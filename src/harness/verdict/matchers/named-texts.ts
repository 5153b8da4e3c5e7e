import type { TextsByName } from "../../scenario/scenario.generated.ts";
import { field, type Field } from "./mismatch.ts";
import { matchText } from "./text.ts";
import { say } from "../../plan/sayings.ts";

/** A field for each of `expected`, which stands below `key`: variables, labels; null is for those that must not be there. */
export function matchNamedTexts(
  key: string,
  what: "variable {0}" | "label {0}" | "attribute {0}" | "header {0}",
  expected: TextsByName | undefined,
  actual: ReadonlyMap<string, string>,
): readonly Field[] {
  return Object.entries(expected ?? {}).map(([own, matcher]): Field => {
    const at = [key, own];
    const name = say(what, own);
    const value = actual.get(own);
    if (matcher === null || value === undefined) {
      const wanted = typeof matcher === "object" ? (matcher === null ? null : "set") : matcher;
      return field(at, name, wanted, value, matcher === null && value === undefined);
    }
    return { at, name, mismatch: matchText(name, matcher, value) };
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
