import { isDeepStrictEqual } from "node:util";
import { query } from "json-p3";
import { messageOf } from "../../../base/errors.ts";
import type { JsonValue, JsonValueMap, JsonValues, TextMatcher } from "../../scenario/scenario.generated.ts";
import type { SourcePath } from "../../scenario/source.ts";
import { below, combine, itemWhere, together, type Field, type Mismatch } from "./mismatch.ts";
import { matchNumber } from "./number.ts";
import { asRationale, say, type Said } from "../../plan/sayings.ts";

/** How texts within are matched; given, since text matchers hold JSON matchers themselves. */
type MatchText = (what: Said, expected: TextMatcher, actual: string) => Mismatch | null;

/** Holds a text that should be JSON against what is expected at JSON paths (RFC 9535). */
export function matchJsonText(what: Said, expected: JsonValues, text: string, matchText: MatchText): Mismatch | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Without the text itself, which is shown below.
    const why = messageOf(error).replace(/, (?:\.{3})?".*$/s, "");
    return { ...asRationale(say("{0} is no JSON: {1}", what, why)), actual: text };
  }
  return combine(jsonFields([], what, expected, value, matchText));
}

/** A field for each path; they stand at `base`. */
export function jsonFields(
  base: SourcePath,
  what: Said,
  expected: JsonValues | undefined,
  value: unknown,
  matchText: MatchText,
): readonly Field[] {
  return Object.entries(expected ?? {}).map(([path, wanted]) => {
    const name = say("{0} of {1}", path, what);
    return { at: [...base, path], name, mismatch: matchNodes(name, wanted, query(path, value as never).values(), matchText) };
  });
}

function matchNodes(name: Said, expected: JsonValue, nodes: readonly unknown[], matchText: MatchText): Mismatch | null {
  if (typeof expected !== "object" || expected === null) {
    if (nodes.length === 0) return { ...asRationale(say("there is no {0}", name)), expected: shown(expected), actual: "absent" };
    return matchOne(name, nodes, (one) => isEqual(name, expected, one));
  }
  // What is not there, or is many, is one fault, whatever is expected of it.
  const mismatches = Object.entries(CHECKS).map(([key, check]) => below([key], check(name, expected, nodes, matchText)));
  return nodes.length === 1 ? together(mismatches) : (mismatches.find((one) => one !== null) ?? null);
}

type Check = (name: Said, expected: JsonValueMap, nodes: readonly unknown[], matchText: MatchText) => Mismatch | null;

const CHECKS: Readonly<Record<Exclude<keyof JsonValueMap, "unordered">, Check>> = {
  exists: (name, { exists }, nodes) => {
    if (exists === undefined || exists === nodes.length > 0) return null;
    return exists
      ? asRationale(say("there is no {0}", name))
      : { ...asRationale(say("there is {0}", name)), actual: nodes.map(shown).join("\n") };
  },
  count: (name, { count }, nodes) => (count === undefined ? null : matchNumber(say("number of {0}", name), count, nodes.length)),
  values: (name, { values, unordered = false }, nodes) => {
    if (values === undefined) return null;
    const arrange = (all: readonly unknown[]): string => (unordered ? all.map(shown).toSorted() : all.map(shown)).join("\n");
    const [wanted, found] = [arrange(values), arrange(nodes)];
    const at = unordered ? [] : itemWhere(values, (value, index) => shown(value) !== shown(nodes[index]));
    return wanted === found
      ? null
      : { ...asRationale(say("values at {0} are not as expected", name)), expected: wanted, actual: found, at };
  },
  equals: (name, expected, nodes) => ("equals" in expected ? matchOne(name, nodes, (one) => isEqual(name, expected.equals, one)) : null),
  type: (name, { type }, nodes) =>
    type === undefined ? null : matchOne(name, nodes, (one) => isEqual(say("type of {0}", name), type, typeOf(one))),
  length: (name, { length }, nodes) =>
    length === undefined
      ? null
      : matchOne(name, nodes, (one) => {
          const actual = lengthOf(one);
          return actual === null
            ? asRationale(say("{0} is {1}, which has no length", name, shown(one)))
            : matchNumber(say("length of {0}", name), length, actual);
        }),
  number: (name, { number }, nodes) =>
    number === undefined
      ? null
      : matchOne(name, nodes, (one) =>
          typeof one === "number" ? matchNumber(name, number, one) : asRationale(say("{0} is {1}, no number", name, shown(one))),
        ),
  text: (name, { text }, nodes, matchText) =>
    text === undefined
      ? null
      : matchOne(name, nodes, (one) =>
          typeof one === "string" ? matchText(name, text, one) : asRationale(say("{0} is {1}, no text", name, shown(one))),
        ),
};

/** The path must lead to one thing, which `check` looks at. */
function matchOne(name: Said, nodes: readonly unknown[], check: (node: unknown) => Mismatch | null): Mismatch | null {
  if (nodes.length === 1) return check(nodes[0]);
  if (nodes.length === 0) return asRationale(say("there is no {0}", name));
  return { ...asRationale(say("{0} are {1} values, not one", name, nodes.length)), actual: nodes.map(shown).join("\n") };
}

function isEqual(name: Said, expected: unknown, actual: unknown): Mismatch | null {
  if (isDeepStrictEqual(expected, actual)) return null;
  return {
    ...asRationale(say("{0} is {1}, not {2}", name, shown(actual), shown(expected))),
    expected: shown(expected),
    actual: shown(actual),
  };
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function lengthOf(value: unknown): number | null {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : null;
}

/** With keys in order, so that equal maps look equal. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
