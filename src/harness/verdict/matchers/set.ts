import { below, itemWhere, together, type Mismatch } from "./mismatch.ts";
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
  const present = [...members].filter((member) => excludes.some((excluded) => isExcluded(excluded, member)));
  return together([
    exactly === undefined ? null : below(isList(expected) ? [] : ["exactly"], matchExactly(what, exactly, members, shown)),
    below(["includes"], matchIncludes(what, includes, actual)),
    present.length === 0
      ? null
      : {
          ...asRationale(say("{0} have {1}, which must not be", what, list(present))),
          actual: shown,
          at: ["excludes", ...itemWhere(excludes, (one) => present.some((member) => isExcluded(one, member)))],
        },
  ]);
}

/** All of `includes` must be there. */
export function matchIncludes(what: Said, includes: readonly string[], actual: readonly string[]): Mismatch | null {
  const isMissing = (one: string): boolean => !actual.includes(one);
  const missing = includes.filter(isMissing);
  if (missing.length === 0) return null;
  const texts = { expected: includes.toSorted().join("\n"), actual: actual.toSorted().join("\n") };
  return { ...asRationale(say("{0} lack {1}", what, list(missing))), ...texts, at: itemWhere(includes, isMissing) };
}

function matchExactly(what: Said, expected: readonly string[], members: ReadonlySet<string>, shown: string): Mismatch | null {
  const wanted = new Set(expected);
  const missing = [...wanted].filter((one) => !members.has(one));
  const surplus = [...members].filter((one) => !wanted.has(one));
  if (missing.length + surplus.length === 0) return null;
  const why =
    surplus.length === 0
      ? say("{0} lack {1}", what, list(missing))
      : missing.length === 0
        ? say("{0} have {1} too", what, list(surplus))
        : say("{0} lack {1} and have {2} too", what, list(missing), list(surplus));
  const at = itemWhere(expected, (one) => !members.has(one));
  return { ...asRationale(why), expected: [...wanted].toSorted().join("\n"), actual: shown, at };
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
