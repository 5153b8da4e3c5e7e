import { plainEntryName } from "../../../base/entry-name.ts";
import { compilePattern } from "../../scenario/pattern.ts";
import type { EntrySet } from "../../scenario/scenario.generated.ts";
import { below, itemWhere, together, type Mismatch } from "./mismatch.ts";
import { matchNumber } from "./number.ts";
import { matchSet } from "./set.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** Holds the names in a tar (null: it cannot be read, for `problem`) against those expected; `./` before and `/` after do not count. */
export function matchEntries(tar: string, expected: EntrySet, names: readonly string[] | null, problem?: Said): Mismatch | null {
  if (names === null) return asRationale(problem ?? say("there is no file {0}", tar));
  const plain = names.map(plainName);
  if (Array.isArray(expected)) return matchSet(say("entries"), expected.map(plainName), plain);
  const { exactly, includes, excludes, matches = [], count } = expected;
  const isMissing = (pattern: string): boolean => !plain.some((name) => compilePattern(pattern).test(name));
  const missing = matches.filter(isMissing);
  const patterns = missing.map((pattern) => `/${pattern}/`);
  return together([
    matchSet(
      say("entries"),
      {
        ...(exactly && { exactly: exactly.map(plainName) }),
        ...(includes && { includes: includes.map(plainName) }),
        ...(excludes && { excludes: excludes.map(plainName) }),
      },
      plain,
    ),
    patterns.length === 0
      ? null
      : {
          ...asRationale(say("no entry matches {0}", patterns.join(", "))),
          expected: patterns.join("\n"),
          actual: plain.toSorted().join("\n"),
          at: ["matches", ...itemWhere(matches, isMissing)],
        },
    count === undefined ? null : below(["count"], matchNumber(say("number of entries"), count, names.length)),
  ]);
}

function plainName(name: string): string {
  const plain = plainEntryName(name);
  return plain === "" ? "." : plain;
}
