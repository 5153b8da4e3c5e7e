import { compilePattern } from "../../scenario/pattern.ts";
import type { TextMatcher, TextMatcherMap } from "../../scenario/scenario.generated.ts";
import { blockLines, isBlock, matchedLines } from "./block.ts";
import { isGlob } from "./glob.ts";
import { matchJsonText } from "./json.ts";
import type { Mismatch } from "./mismatch.ts";
import { matchNumber } from "./number.ts";

/**
 * Holds a text against what is expected of it; null when it is so. Carriage returns before line ends and terminals' control
 * sequences do not count, but for `exactly`.
 * @param what names the text: `standard output`.
 */
export function matchText(what: string, expected: TextMatcher, actual: string): Mismatch | null {
  if (typeof expected === "string") return matchEqual(what, expected, plainText(actual));
  const text = plainText(actual);
  for (const check of CHECKS) {
    const mismatch = check(what, expected, check === exactly ? actual : text);
    if (mismatch !== null) return mismatch;
  }
  return null;
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

type Check = (what: string, expected: TextMatcherMap, actual: string) => Mismatch | null;

const CHECKS: readonly Check[] = [
  (what, { equals }, actual) => (equals === undefined ? null : matchEqual(what, equals, actual)),
  exactly,
  (what, { empty }, actual) => {
    if (empty === undefined || empty === (actual.trim() === "")) return null;
    return empty ? { rationale: `${what} is not empty`, expected: "", actual } : { rationale: `${what} is empty` };
  },
  (what, { contains = [] }, actual) => {
    const missing = [contains].flat().find((part) => !actual.includes(part));
    return missing === undefined ? null : { rationale: `${what} does not contain ${quote(missing)}`, expected: missing, actual };
  },
  (what, { sequence = [] }, actual) => {
    let from = 0;
    for (const part of sequence) {
      const at = actual.indexOf(part, from);
      if (at < 0) {
        const where = from === 0 ? "" : " after what comes before it";
        return { rationale: `${what} does not contain ${quote(part)}${where}`, expected: sequence.join("\n"), actual };
      }
      from = at + part.length;
    }
    return null;
  },
  (what, { matches = [] }, actual) => {
    const missing = [matches].flat().find((pattern) => !compilePattern(pattern).test(actual));
    return missing === undefined ? null : { rationale: `${what} does not match /${missing}/`, expected: `/${missing}/`, actual };
  },
  (what, { lines, unordered = false }, actual) => {
    if (lines === undefined) return null;
    const arrange = (all: readonly string[]): string => (unordered ? all.toSorted() : all).join("\n");
    const [wanted, found] = [arrange(lines.map((line) => line.trimEnd())), arrange(linesOf(actual))];
    const order = unordered ? ", in any order" : "";
    return wanted === found ? null : { rationale: `lines of ${what} are not as expected${order}`, expected: wanted, actual: found };
  },
  (what, { lineCount }, actual) =>
    lineCount === undefined ? null : matchNumber(`number of lines of ${what}`, lineCount, linesOf(actual).length),
  (what, { block }, actual) => (block === undefined ? null : matchBlock(what, block, actual)),
  (what, { glob }, actual) =>
    glob === undefined || isGlob(glob.trim(), actual.trim())
      ? null
      : { rationale: `${what} is not like ${quote(glob)}`, expected: glob, actual: actual.trim() },
  (what, { oneOf }, actual) =>
    oneOf === undefined || oneOf.some((one) => one.trim() === actual.trim())
      ? null
      : { rationale: `${what} is none of ${oneOf.map(quote).join(", ")}`, expected: oneOf.join("\nor "), actual: actual.trim() },
  (what, { number }, actual) => {
    if (number === undefined) return null;
    const isNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(actual.trim());
    return isNumber ? matchNumber(what, number, Number(actual.trim())) : { rationale: `${what} is no number`, actual };
  },
  (what, { json }, actual) => (json === undefined ? null : matchJsonText(what, json, actual, matchText)),
  (what, { all = [] }, actual) => firstOf(all.map((one) => matchText(what, one, actual))),
  (what, { any }, actual) => {
    const mismatches = any?.map((one) => matchText(what, one, actual)) ?? [];
    if (any === undefined || mismatches.includes(null)) return null;
    return { rationale: mismatches.map((one) => one?.rationale).join(", and "), actual };
  },
  (what, { none = [] }, actual) => firstOf(none.map((one) => matchNone(what, one, actual))),
  (what, { not }, actual) => (not === undefined ? null : matchNone(what, not, actual)),
];

function firstOf(mismatches: readonly (Mismatch | null)[]): Mismatch | null {
  return mismatches.find((one) => one !== null) ?? null;
}

function matchBlock(what: string, block: string, actual: string): Mismatch | null {
  const [wanted, found] = [blockLines(block), blockLines(actual)];
  if (isBlock(wanted, found)) return null;
  const missing = wanted[matchedLines(wanted, found)];
  const rationale =
    missing === undefined ? `${what} goes on after the block` : `${what} is not as the block from its line ${quote(missing)}`;
  return { rationale, expected: wanted.join("\n"), actual: found.join("\n") };
}

function exactly(what: string, { exactly: wanted }: TextMatcherMap, actual: string): Mismatch | null {
  return wanted === undefined || wanted === actual ? null : { rationale: `${what} is not exactly as expected`, expected: wanted, actual };
}

function matchEqual(what: string, expected: string, actual: string): Mismatch | null {
  const [wanted, found] = [expected.trim(), actual.trim()];
  if (wanted === found) return null;
  const isShort = !`${wanted}${found}`.includes("\n") && wanted.length + found.length < 100;
  const rationale = isShort ? `${what} is ${quote(found)}, not ${quote(wanted)}` : `${what} is not as expected`;
  return { rationale, expected: wanted, actual: found };
}

/** None of what is named may hold: of a map each key, of a list each part. */
function matchNone(what: string, not: TextMatcher, actual: string): Mismatch | null {
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
  return { rationale: `${what} is what it must not be: ${named}`, actual };
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}
