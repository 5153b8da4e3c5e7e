import type { Said } from "../../plan/sayings.ts";
import { field, itemWhere, type Field } from "./mismatch.ts";

/** Words against words, or against a text of them joined by spaces; null and no words at all are the same. */
export function matchCommand(
  key: string,
  name: Said,
  expected: string | readonly string[] | null,
  actual: readonly string[] | null | undefined,
): Field {
  const words = actual ?? [];
  if (typeof expected === "string") return field([key], name, expected, words.join(" "));
  const wanted = expected ?? [];
  const same = wanted.length === words.length && wanted.every((word, index) => word === words[index]);
  const at = [key, ...itemWhere(wanted, (word, index) => word !== words[index])];
  return field(at, name, wanted.length === 0 ? null : wanted, words.length === 0 ? null : words, same);
}
