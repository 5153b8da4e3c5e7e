import { compilePattern } from "../../scenario/pattern.ts";
import type { SourcePath } from "../../scenario/source.ts";
import type { TextMatcher, TextMatcherMap } from "../../scenario/scenario.generated.ts";
import { blockLines, isBlock, matchedLines } from "./block.ts";
import { isGlob } from "./glob.ts";
import { matchJsonText } from "./json.ts";
import { below, itemWhere, type Mismatch, saidOf, together } from "./mismatch.ts";
import { matchNumber } from "./number.ts";
import { asRationale, joinSaid, say, type Said } from "../../plan/sayings.ts";

/**
 * Holds a text against what is expected of it; null when it is so. Carriage returns before line ends and terminals' control
 * sequences do not count, but for `exactly`.
 * @param what names the text: `standard output`.
 */
export function matchText(what: Said, expected: TextMatcher, actual: string): Mismatch | null {
  if (typeof expected === "string") return matchEqual(what, expected, plainText(actual));
  const text = plainText(actual);
  return together(Object.entries(CHECKS).map(([key, check]) => below([key], check(what, expected, key === "exactly" ? actual : text))));
}

/** As a person sees it on paper: without control sequences (ECMA-48) and carriage returns before line ends. */
export function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replaceAll(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_=>78])/g, "").replaceAll(/\r+\n/g, "\n");
}

/** Without the end of the last line. An empty text has no lines. */
export function linesOf(text: string): readonly string[] {
  const body = text.replace(/\n$/, "");
  return body === "" ? [] : body.split("\n").map((line) => line.trimEnd());
}

type Check = (what: Said, expected: TextMatcherMap, actual: string) => Mismatch | null;

const CHECKS: Readonly<Record<Exclude<keyof TextMatcherMap, "unordered">, Check>> = {
  equals: (what, { equals }, actual) => (equals === undefined ? null : matchEqual(what, equals, actual)),
  exactly,
  empty: (what, { empty }, actual) => {
    if (empty === undefined || empty === (actual.trim() === "")) return null;
    return empty ? { ...asRationale(say("{0} is not empty", what)), expected: "", actual } : asRationale(say("{0} is empty", what));
  },
  contains: (what, { contains = [] }, actual) => {
    const isMissing = (part: string): boolean => !actual.includes(part);
    const missing = [contains].flat().filter(isMissing);
    return missing.length === 0
      ? null
      : {
          ...asRationale(say("{0} does not contain {1}", what, missing.map(quote).join(", "))),
          expected: missing.join("\n"),
          actual,
          at: placeIn(contains, isMissing),
        };
  },
  sequence: (what, { sequence = [] }, actual) => {
    let from = 0;
    for (const [index, part] of sequence.entries()) {
      const at = actual.indexOf(part, from);
      if (at < 0) {
        const why =
          from === 0
            ? say("{0} does not contain {1}", what, quote(part))
            : say("{0} does not contain {1} after what comes before it", what, quote(part));
        return { ...asRationale(why), expected: sequence.join("\n"), actual, at: [index] };
      }
      from = at + part.length;
    }
    return null;
  },
  matches: (what, { matches = [] }, actual) => {
    const isMissing = (pattern: string): boolean => !compilePattern(pattern).test(actual);
    const missing = [matches]
      .flat()
      .filter(isMissing)
      .map((pattern) => `/${pattern}/`);
    return missing.length === 0
      ? null
      : {
          ...asRationale(say("{0} does not match {1}", what, missing.join(", "))),
          expected: missing.join("\n"),
          actual,
          at: placeIn(matches, isMissing),
        };
  },
  lines: (what, { lines, unordered = false }, actual) => {
    if (lines === undefined) return null;
    const arrange = (all: readonly string[]): string => (unordered ? all.toSorted() : all).join("\n");
    const given = linesOf(actual);
    const [wanted, found] = [arrange(lines.map((line) => line.trimEnd())), arrange(given)];
    const why = say(unordered ? "lines of {0} are not as expected, in any order" : "lines of {0} are not as expected", what);
    const at = itemWhere(lines, (line, index) => (unordered ? !given.includes(line.trimEnd()) : line.trimEnd() !== given[index]));
    return wanted === found ? null : { ...asRationale(why), expected: wanted, actual: found, at };
  },
  lineCount: (what, { lineCount }, actual) =>
    lineCount === undefined ? null : matchNumber(say("number of lines of {0}", what), lineCount, linesOf(actual).length),
  block: (what, { block }, actual) => (block === undefined ? null : matchBlock(what, block, actual)),
  glob: (what, { glob }, actual) =>
    glob === undefined || isGlob(glob.trim(), actual.trim())
      ? null
      : { ...asRationale(say("{0} is not like {1}", what, quote(glob))), expected: glob, actual: actual.trim() },
  oneOf: (what, { oneOf }, actual) =>
    oneOf === undefined || oneOf.some((one) => one.trim() === actual.trim())
      ? null
      : {
          ...asRationale(say("{0} is none of {1}", what, oneOf.map(quote).join(", "))),
          expected: oneOf.join("\nor "),
          actual: actual.trim(),
        },
  number: (what, { number }, actual) => {
    if (number === undefined) return null;
    const isNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(actual.trim());
    return isNumber ? matchNumber(what, number, Number(actual.trim())) : { ...asRationale(say("{0} is no number", what)), actual };
  },
  json: (what, { json }, actual) => (json === undefined ? null : matchJsonText(what, json, actual, matchText)),
  all: (what, { all = [] }, actual) => together(all.map((one, index) => below([index], matchText(what, one, actual)))),
  any: (what, { any }, actual) => {
    const mismatches = any?.map((one) => matchText(what, one, actual)) ?? [];
    if (any === undefined || mismatches.includes(null)) return null;
    const all = mismatches.flatMap((one) => (one === null ? [] : [saidOf(one)]));
    return { ...asRationale(joinSaid(all, say(", and "))), actual };
  },
  none: (what, { none = [] }, actual) => together(none.map((one, index) => below([index], matchNone(what, one, actual)))),
  not: (what, { not }, actual) => (not === undefined ? null : matchNone(what, not, actual)),
};

function matchBlock(what: Said, block: string, actual: string): Mismatch | null {
  const [wanted, found] = [blockLines(block), blockLines(actual)];
  if (isBlock(wanted, found)) return null;
  const missing = wanted[matchedLines(wanted, found)];
  const why =
    missing === undefined
      ? say("{0} goes on after the block", what)
      : say("{0} is not as the block from its line {1}", what, quote(missing));
  return { ...asRationale(why), expected: wanted.join("\n"), actual: found.join("\n") };
}

function exactly(what: Said, { exactly: wanted }: TextMatcherMap, actual: string): Mismatch | null {
  if (wanted === undefined || wanted === actual) return null;
  const seen = (text: string): string => plainText(text).replaceAll(/\s+/g, "");
  // Side by side the two would look the same.
  return seen(wanted) === seen(actual)
    ? {
        ...asRationale(say("{0} differs in white space or control characters alone", what)),
        expected: quoteLines(wanted),
        actual: quoteLines(actual),
      }
    : { ...asRationale(say("{0} is not exactly as expected", what)), expected: wanted, actual };
}

function matchEqual(what: Said, expected: string, actual: string): Mismatch | null {
  const [wanted, found] = [expected.trim(), actual.trim()];
  if (wanted === found) return null;
  const isShort = !`${wanted}${found}`.includes("\n") && wanted.length + found.length < 100;
  const why = isShort ? say("{0} is {1}, not {2}", what, quote(found), quote(wanted)) : say("{0} is not as expected", what);
  return { ...asRationale(why), expected: wanted, actual: found };
}

/** None of what is named may hold: of a map each key, of a list each part. */
function matchNone(what: Said, not: TextMatcher, actual: string): Mismatch | null {
  const parts: { readonly part: TextMatcher; readonly at: SourcePath }[] =
    typeof not === "string"
      ? [{ part: not, at: [] }]
      : Object.entries(not)
          .filter(([key]) => key !== "unordered")
          .flatMap(([key, value]) => {
            const isList = (key === "contains" || key === "matches") && Array.isArray(value);
            const each = isList ? (value as string[]) : [value as unknown];
            return each.map((one, index) => ({
              part: { [key]: one, ...(key === "lines" && not.unordered === true && { unordered: true }) } as TextMatcherMap,
              at: isList ? [key, index] : [key],
            }));
          });
  const found = parts.find(({ part }) => matchText(what, part, actual) === null);
  if (found === undefined) return null;
  const { part: broken, at } = found;
  const named =
    typeof broken === "string"
      ? quote(broken)
      : Object.entries(broken)
          .map(([key, value]) => `${key} ${quote(value)}`)
          .join(" ");
  return { ...asRationale(say("{0} is what it must not be: {1}", what, named)), actual, at };
}

/** The place of the first of several texts that is not found; one text alone stands at its key. */
function placeIn(texts: string | readonly string[], isMissing: (text: string) => boolean): SourcePath {
  return typeof texts === "string" ? [] : itemWhere(texts, isMissing);
}

/** Each line with what ends it, as JSON has it. */
function quoteLines(text: string): string {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? [""]).map(quote).join("\n");
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
