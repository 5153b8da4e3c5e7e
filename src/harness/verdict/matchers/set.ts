import { together, type Mismatch } from "./mismatch.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** What is expected of a set of texts; a list is all of it. */
export type SetMatcher =
  | readonly string[]
  | { readonly exactly?: readonly string[]; readonly includes?: readonly string[]; readonly excludes?: readonly string[] };

/** @param what names the set: `changes`. `isExcluded` says which members an entry of `excludes` means; itself, when absent. */
export function matchSet(
  what: Said,
  expected: SetMatcher,
  actual: readonly string[],
  isExcluded = (excluded: string, member: string): boolean => excluded === member,
): Mismatch | null {
  const { exactly, includes = [], excludes = [] } = isList(expected) ? { exactly: expected } : expected;
  const members = new Set(actual);
  const shown = actual.toSorted().join("\n");
  const missing = includes.filter((one) => !members.has(one));
  const present = [...members].filter((member) => excludes.some((excluded) => isExcluded(excluded, member)));
  return together([
    exactly === undefined ? null : matchExactly(what, new Set(exactly), members, shown),
    missing.length === 0
      ? null
      : { ...asRationale(say("{0} lack {1}", what, list(missing))), expected: includes.toSorted().join("\n"), actual: shown },
    present.length === 0 ? null : { ...asRationale(say("{0} have {1}, which must not be", what, list(present))), actual: shown },
  ]);
}

function matchExactly(what: Said, wanted: ReadonlySet<string>, members: ReadonlySet<string>, shown: string): Mismatch | null {
  const missing = [...wanted].filter((one) => !members.has(one));
  const surplus = [...members].filter((one) => !wanted.has(one));
  if (missing.length + surplus.length === 0) return null;
  const why =
    surplus.length === 0
      ? say("{0} lack {1}", what, list(missing))
      : missing.length === 0
        ? say("{0} have {1} too", what, list(surplus))
        : say("{0} lack {1} and have {2} too", what, list(missing), list(surplus));
  return { ...asRationale(why), expected: [...wanted].toSorted().join("\n"), actual: shown };
}

function isList(expected: SetMatcher): expected is readonly string[] {
  return Array.isArray(expected);
}

function list(texts: readonly string[]): Said | string {
  const shown = texts
    .slice(0, 5)
    .map((text) => JSON.stringify(text))
    .join(", ");
  return texts.length > 5 ? say("{0} and {1} more", shown, texts.length - 5) : shown;
}
