import { textIn } from "../../plan/describe.ts";
import { type Fraction, fraction, multiply, subtract, sum, toNumber, zero } from "../../plan/fraction.ts";
import type { Language } from "../../report/reporter.ts";
import { visibleText } from "../../report/visible-text.ts";
import { parseExact } from "../exact-points.ts";
import { taskFeedback } from "../feedback.ts";
import type { Grade } from "../gradebook.ts";
import type { Exercise, Visibility } from "../load-exercise.ts";

/** A part of a grade, as another system is told of it. */
export interface ToldPart {
  /** Unique among the parts; of one that is not told, nothing but its number. */
  readonly name: string;
  readonly earned: Fraction;
  readonly points: Fraction;
  readonly extra: boolean;
  readonly passed: boolean;
  readonly visibility: Visibility;
  /** Markdown, for the student; empty when nothing is to be told. */
  readonly text: string;
}

/** A student's grade, as another system is told of it. Only for one who has a grade. */
export interface Told {
  readonly parts: readonly ToldPart[];
  /** With lateness, penalties and cap. */
  readonly final: Fraction;
  readonly points: Fraction;
  /** The whole feedback, Markdown. */
  readonly feedback: string;
}

/** Databases that names go to have room for 255 characters. */
const LONGEST_NAME = 200;

/**
 * What is told of a grade; null while there is none. `revealsHidden`: the other system keeps hidden parts from students by itself; for one that does not,
 * they have no name and no text. `namesIn`: the other system knows the parts by their names, so these are the same for every student and at any time.
 */
export function toldOf(
  exercise: Exercise,
  grade: Grade,
  options: {
    readonly language: Language;
    readonly isOver: boolean;
    readonly revealsHidden: boolean;
    readonly namesIn?: Language;
    readonly feedback: string;
  },
): Told | null {
  const { result, final } = grade;
  if (result === null || final === null) return null;
  const { language, isOver, revealsHidden, namesIn = language } = options;
  const taken = new Set<string>();
  const parts = exercise.tasks.map((task, index): ToldPart => {
    const done = result.tasks.find(({ name }) => name === task.plan.name);
    const isTold = revealsHidden || task.visibility === "visible" || (task.visibility === "after-due" && isOver);
    const isNamed = isTold && (revealsHidden || options.namesIn === undefined || task.visibility === "visible");
    const title = task.plan.title === null ? task.plan.name : textIn(task.plan.title, namesIn);
    const plain = isNamed ? visibleText(title).replace(/\s+/g, " ").trim() : `${namesIn === "zh" ? "部分" : "Part"} ${index + 1}`;
    let name = shortened(plain, LONGEST_NAME);
    for (let again = 2; taken.has(name); again++) name = `${shortened(plain, LONGEST_NAME)} (${again})`;
    taken.add(name);
    return {
      name,
      earned: done === undefined ? zero : parseExact(done.earned),
      points: task.points,
      extra: task.extra,
      passed: done?.result.outcome === "pass",
      visibility: task.visibility,
      text:
        isTold && done !== undefined
          ? taskFeedback(task, done, { language, isOver: isOver || revealsHidden, attempt: grade.student.attempt })
          : "",
    };
  });
  return { parts, final, points: exercise.points, feedback: options.feedback };
}

/** `final` as a part of all points, 0 to 1: extra credit does not go beyond. */
export function partOfAll({ final, points }: Told): number {
  if (points.numerator === 0n) return 0;
  return Math.min(1, Math.max(0, toNumber(multiply(final, { numerator: points.denominator, denominator: points.numerator }))));
}

/**
 * Whole numbers for systems that know no others: what each part earns after lateness, penalties and cap, and what it is worth, so that they add up to the
 * rounded final score (halves up). Extra credit fills up what was lost elsewhere. Points with decimals are counted in hundredths, all of them.
 */
export function wholeParts(
  told: Told,
): readonly { readonly name: string; readonly passed: boolean; readonly score: number; readonly max: number }[] {
  const parts = told.parts.filter(({ extra }) => !extra);
  const scale = parts.every(({ points }) => points.denominator === 1n) ? 1n : 100n;
  const scaled = (value: Fraction): Fraction => multiply(value, fraction(scale));
  const max = parts.map(({ points }) => halfUp(scaled(points)));
  const all = max.reduce((a, b) => a + b, 0);
  const target = Math.min(all, halfUp(scaled(told.final)));
  const earned = sum(parts.map((part) => part.earned));
  const exact = parts.map((part, index) => {
    if (earned.numerator === 0n) return (target * (max[index] ?? 0)) / Math.max(1, all);
    return toNumber(
      multiply(multiply(part.earned, fraction(BigInt(target))), { numerator: earned.denominator, denominator: earned.numerator }),
    );
  });
  const scores = exact.map((value, index) => Math.min(max[index] ?? 0, Math.floor(value + 1e-9)));
  // What rounding down left over goes to whoever lost most by it, as far as there is room.
  for (let left = target - scores.reduce((a, b) => a + b, 0); left > 0; left--) {
    const losses = scores.map((score, index) => (score < (max[index] ?? 0) ? (exact[index] ?? 0) - score : -Infinity));
    const at = losses.indexOf(Math.max(...losses));
    scores[at] = (scores[at] ?? 0) + 1;
  }
  return parts.map(({ name, passed }, index) => ({ name, passed, score: scores[index] ?? 0, max: max[index] ?? 0 }));
}

function halfUp({ numerator, denominator }: Fraction): number {
  return Number((2n * numerator + denominator) / (2n * denominator));
}

/** With two decimals, halves up, as a number. */
export function hundredths(value: Fraction): number {
  const isNegative = value.numerator < 0n;
  const size = halfUp(multiply(isNegative ? subtract(zero, value) : value, fraction(100n))) / 100;
  return isNegative ? -size : size;
}

/** At most so many UTF-16 units, cut where a character ends. */
export function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 2).replace(/[\ud800-\udbff]$/, "")}\n…`;
}

/** At most so many bytes of UTF-8, cut where a character ends. */
export function shortenedToBytes(text: string, limit: number): string {
  let short = text;
  while (Buffer.byteLength(short) > limit) short = shortened(short, Math.floor((short.length * limit) / Buffer.byteLength(short)) - 1);
  return short;
}
