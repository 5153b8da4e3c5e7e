import { field, type Field } from "./mismatch.ts";
import type { Said } from "../../plan/sayings.ts";

/** Words against words, or against a text of them joined by spaces; null and no words at all are the same. */
export function matchCommand(name: Said, expected: string | readonly string[] | null, actual: readonly string[] | null | undefined): Field {
  const words = actual ?? [];
  if (typeof expected === "string") return field(name, expected, words.join(" "));
  const wanted = expected ?? [];
  const same = wanted.length === words.length && wanted.every((word, index) => word === words[index]);
  return field(name, wanted.length === 0 ? null : wanted, words.length === 0 ? null : words, same);
}
