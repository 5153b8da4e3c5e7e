import { asRationale, joinSaid, say, type Said } from "../../plan/sayings.ts";
import type { SourcePath } from "../../scenario/source.ts";

/** How something is not as expected: one line, and the two texts when showing them side by side helps. */
export interface Mismatch extends OneMismatch {
  /** When several things are not as expected, one by one; the texts above are then those of all together. */
  readonly parts?: readonly OneMismatch[];
}

export interface OneMismatch {
  readonly rationale: string;
  /** The same in Chinese. */
  readonly rationaleZh?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** From the top of what was expected, the keys and indices that lead to what is not so; absent: all of it. */
  readonly at?: SourcePath;
}

/** The same, of what stands at `path` in something larger. */
export function below(path: SourcePath, mismatch: Mismatch | null): Mismatch | null {
  if (mismatch === null || path.length === 0) return mismatch;
  const { parts } = mismatch;
  const placed = <T extends OneMismatch>(one: T): T => ({ ...one, at: [...path, ...(one.at ?? [])] });
  return { ...placed(mismatch), ...(parts && { parts: parts.map(placed) }) };
}

/** The things that are not as expected, one by one. */
export function partsOf({ parts, ...whole }: Mismatch): readonly OneMismatch[] {
  return parts ?? [whole];
}

/** The place of the first of a list's items that is not as it should be; of the list itself when there is none. */
export function itemWhere<T>(items: readonly T[] | undefined, isWrong: (item: T, index: number) => boolean): SourcePath {
  const index = (items ?? []).findIndex(isWrong);
  return index < 0 ? [] : [index];
}

/** The same, and so each of its parts, with other words. */
export function reworded<T extends OneMismatch & Pick<Mismatch, "parts">>(mismatch: T, words: (one: OneMismatch) => Said): T {
  const { parts } = mismatch;
  const worded = (one: OneMismatch): OneMismatch => ({ ...one, ...asRationale(words(one)) });
  return { ...mismatch, ...asRationale(words(mismatch)), ...(parts && { parts: parts.map(worded) }) };
}

/** Its rationale in both languages. */
export function saidOf({ rationale, rationaleZh = rationale }: OneMismatch): Said {
  return { en: rationale, zh: rationaleZh };
}

/** One property that was looked at. */
export interface Field {
  /** Where in what is expected it stands. */
  readonly at: SourcePath;
  readonly name: Said;
  /** Null: as expected. */
  readonly mismatch: Mismatch | null;
}

/** A property compared as a whole. */
export function field(at: SourcePath, name: Said, expected: unknown, actual: unknown, ok = Object.is(expected, actual)): Field {
  const [wanted, found] = [show(expected), show(actual)];
  const mismatch = ok ? null : { ...asRationale(whyNot(name, expected, wanted, found)), expected: wanted, actual: found };
  return { at, name, mismatch };
}

function whyNot(name: Said, expected: unknown, wanted: string, found: string): Said {
  if (expected === null) return say("{0} is {1}, but must not be set", name, inWords(found));
  if (wanted === `not ${found}`) return say("{0} is {1}, but must not be", name, inWords(found));
  if (found === `not ${wanted}`) return say("{0} is {1}, but must be", name, inWords(found));
  // "It is not set, not 5" would be hard to read.
  if (found.startsWith("not ")) return say("{0} is {1}, where {2} is expected", name, inWords(found), inWords(wanted));
  return say("{0} is {1}, not {2}", name, inWords(found), inWords(wanted));
}

/** Of several things that one text or set must be, all that it is not as one mismatch; a text that is shown with the first is not shown again. */
export function together(mismatches: readonly (Mismatch | null)[]): Mismatch | null {
  const wrong = mismatches.filter((one) => one !== null);
  const [first] = wrong;
  if (first === undefined || wrong.length === 1) return first ?? null;
  const parts = wrong.flatMap(partsOf).map((part, index): OneMismatch => {
    const { expected: _, actual, ...untold } = part;
    return index > 0 && actual !== undefined && actual === first.actual ? untold : part;
  });
  const { at: _, ...whole } = first;
  return { ...whole, ...asRationale(joinSaid(wrong.map(saidOf), say("; "))), parts };
}

/** The properties that are not as expected as one mismatch, a line each when there are several; null when all are. */
export function combine(fields: readonly Field[]): Mismatch | null {
  const wrong = fields.flatMap(({ at, name, mismatch }) => {
    const placed = below(at, mismatch);
    return placed === null ? [] : [{ name, mismatch: placed }];
  });
  const [first] = wrong;
  if (first === undefined || wrong.length === 1) return first?.mismatch ?? null;
  const side = (key: "expected" | "actual"): string =>
    wrong
      .map(({ name, mismatch }) => labelled(name.en, mismatch[key] ?? (key === "expected" ? "as described" : mismatch.rationale)))
      .join("\n");
  const parts = wrong.flatMap(({ mismatch }) => partsOf(mismatch));
  return {
    ...asRationale(
      joinSaid(
        wrong.map(({ mismatch }) => saidOf(mismatch)),
        say("; "),
      ),
    ),
    expected: side("expected"),
    actual: side("actual"),
    parts,
  };
}

function labelled(name: string, text: string): string {
  return text.includes("\n") ? `${name}:\n${text.replaceAll(/^/gm, "  ")}` : `${name}: ${text}`;
}

const WORDS = ["exposed", "not exposed", "declared", "not declared", "connected", "not connected", "not published", "not set"] as const;

/** In a sentence, those values that are words of ours are in its language. */
function inWords(value: string): string | Said {
  const word = WORDS.find((one) => one === value);
  return word === undefined ? value : say(word);
}

/** A value for people: texts as they are, lists of words as JSON. */
export function show(value: unknown): string {
  if (typeof value === "string") return value === "" ? '""' : value;
  if (value === null || value === undefined) return "not set";
  return JSON.stringify(value);
}
