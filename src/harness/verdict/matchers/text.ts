import { compilePattern } from "../../scenario/pattern.ts";
import type { TextMatcher, TextMatcherMap } from "../../scenario/scenario.generated.ts";
import { blockLines, isBlock, matchedLines } from "./block.ts";
import { isGlob } from "./glob.ts";
import { matchJsonText } from "./json.ts";
import { type Mismatch, saidOf, together } from "./mismatch.ts";
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
  return together(CHECKS.map((check) => check(what, expected, check === exactly ? actual : text)));
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

const CHECKS: readonly Check[] = [
  (what, { equals }, actual) => (equals === undefined ? null : matchEqual(what, equals, actual)),
  exactly,
  (what, { empty }, actual) => {
    if (empty === undefined || empty === (actual.trim() === "")) return null;
    return empty ? { ...asRationale(say("{0} is not empty", what)), expected: "", actual } : asRationale(say("{0} is empty", what));
  },
  (what, { contains = [] }, actual) => {
    const missing = [contains].flat().filter((part) => !actual.includes(part));
    return missing.length === 0
      ? null
      : { ...asRationale(say("{0} does not contain {1}", what, missing.map(quote).join(", "))), expected: missing.join("\n"), actual };
  },
  (what, { sequence = [] }, actual) => {
    let from = 0;
    for (const part of sequence) {
      const at = actual.indexOf(part, from);
      if (at < 0) {
        const why =
          from === 0
            ? say("{0} does not contain {1}", what, quote(part))
            : say("{0} does not contain {1} after what comes before it", what, quote(part));
        return { ...asRationale(why), expected: sequence.join("\n"), actual };
      }
      from = at + part.length;
    }
    return null;
  },
  (what, { matches = [] }, actual) => {
    const missing = [matches].flat().flatMap((pattern) => (compilePattern(pattern).test(actual) ? [] : [`/${pattern}/`]));
    return missing.length === 0
      ? null
      : { ...asRationale(say("{0} does not match {1}", what, missing.join(", "))), expected: missing.join("\n"), actual };
  },
  (what, { lines, unordered = false }, actual) => {
    if (lines === undefined) return null;
    const arrange = (all: readonly string[]): string => (unordered ? all.toSorted() : all).join("\n");
    const [wanted, found] = [arrange(lines.map((line) => line.trimEnd())), arrange(linesOf(actual))];
    const why = say(unordered ? "lines of {0} are not as expected, in any order" : "lines of {0} are not as expected", what);
    return wanted === found ? null : { ...asRationale(why), expected: wanted, actual: found };
  },
  (what, { lineCount }, actual) =>
    lineCount === undefined ? null : matchNumber(say("number of lines of {0}", what), lineCount, linesOf(actual).length),
  (what, { block }, actual) => (block === undefined ? null : matchBlock(what, block, actual)),
  (what, { glob }, actual) =>
    glob === undefined || isGlob(glob.trim(), actual.trim())
      ? null
      : { ...asRationale(say("{0} is not like {1}", what, quote(glob))), expected: glob, actual: actual.trim() },
  (what, { oneOf }, actual) =>
    oneOf === undefined || oneOf.some((one) => one.trim() === actual.trim())
      ? null
      : {
          ...asRationale(say("{0} is none of {1}", what, oneOf.map(quote).join(", "))),
          expected: oneOf.join("\nor "),
          actual: actual.trim(),
        },
  (what, { number }, actual) => {
    if (number === undefined) return null;
    const isNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(actual.trim());
    return isNumber ? matchNumber(what, number, Number(actual.trim())) : { ...asRationale(say("{0} is no number", what)), actual };
  },
  (what, { json }, actual) => (json === undefined ? null : matchJsonText(what, json, actual, matchText)),
  (what, { all = [] }, actual) => together(all.map((one) => matchText(what, one, actual))),
  (what, { any }, actual) => {
    const mismatches = any?.map((one) => matchText(what, one, actual)) ?? [];
    if (any === undefined || mismatches.includes(null)) return null;
    const all = mismatches.flatMap((one) => (one === null ? [] : [saidOf(one)]));
    return { ...asRationale(joinSaid(all, say(", and "))), actual };
  },
  (what, { none = [] }, actual) => together(none.map((one) => matchNone(what, one, actual))),
  (what, { not }, actual) => (not === undefined ? null : matchNone(what, not, actual)),
];

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
  const parts: TextMatcher[] =
    typeof not === "string"
      ? [not]
      : Object.entries(not)
          .filter(([key]) => key !== "unordered")
          .flatMap(([key, value]): TextMatcherMap[] => {
            const each = (key === "contains" || key === "matches") && Array.isArray(value) ? (value as string[]) : [value as unknown];
            return each.map((one) => ({ [key]: one, ...(key === "lines" && not.unordered === true && { unordered: true }) }));
          });
  const broken = parts.find((part) => matchText(what, part, actual) === null);
  if (broken === undefined) return null;
  const named =
    typeof broken === "string"
      ? quote(broken)
      : Object.entries(broken)
          .map(([key, value]) => `${key} ${quote(value)}`)
          .join(" ");
  return { ...asRationale(say("{0} is what it must not be: {1}", what, named)), actual };
}

/** Each line with what ends it, as JSON has it. */
function quoteLines(text: string): string {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? [""]).map(quote).join("\n");
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
