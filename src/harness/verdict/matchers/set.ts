import type { Mismatch } from "./mismatch.ts";

/** What is expected of a set of texts; a list is all of it. */
export type SetMatcher =
  | readonly string[]
  | { readonly exactly?: readonly string[]; readonly includes?: readonly string[]; readonly excludes?: readonly string[] };

/** @param what names the set: `changes`. `isExcluded` says which members an entry of `excludes` means; itself, when absent. */
export function matchSet(
  what: string,
  expected: SetMatcher,
  actual: readonly string[],
  isExcluded = (excluded: string, member: string): boolean => excluded === member,
): Mismatch | null {
  const { exactly, includes = [], excludes = [] } = isList(expected) ? { exactly: expected } : expected;
  const members = new Set(actual);
  const shown = actual.toSorted().join("\n");
  if (exactly !== undefined) {
    const wanted = new Set(exactly);
    const missing = [...wanted].filter((one) => !members.has(one));
    const surplus = [...members].filter((one) => !wanted.has(one));
    if (missing.length + surplus.length > 0) {
      const parts = [missing.length > 0 && `lack ${list(missing)}`, surplus.length > 0 && `have ${list(surplus)} too`];
      return { rationale: `${what} ${parts.filter(Boolean).join(" and ")}`, expected: [...wanted].toSorted().join("\n"), actual: shown };
    }
  }
  const missing = includes.filter((one) => !members.has(one));
  if (missing.length > 0) return { rationale: `${what} lack ${list(missing)}`, expected: includes.toSorted().join("\n"), actual: shown };
  const present = [...members].filter((member) => excludes.some((excluded) => isExcluded(excluded, member)));
  if (present.length > 0) return { rationale: `${what} have ${list(present)}, which must not be`, actual: shown };
  return null;
}

function isList(expected: SetMatcher): expected is readonly string[] {
  return Array.isArray(expected);
}

function list(texts: readonly string[]): string {
  const shown = texts
    .slice(0, 5)
    .map((text) => JSON.stringify(text))
    .join(", ");
  return texts.length > 5 ? `${shown} and ${texts.length - 5} more` : shown;
}
