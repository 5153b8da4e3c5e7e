import { asRationale, joinSaid, say, type Said } from "../../plan/sayings.ts";
/** How something is not as expected: one line, and the two texts when showing them side by side helps. */
export interface Mismatch {
  readonly rationale: string;
  /** The same in Chinese. */
  readonly rationaleZh: string;
  readonly expected?: string;
  readonly actual?: string;
}

/** Its rationale in both languages. */
export function saidOf({ rationale, rationaleZh }: Mismatch): Said {
  return { en: rationale, zh: rationaleZh };
}

/** One property that was looked at. */
export interface Field {
  readonly name: Said;
  /** Null: as expected. */
  readonly mismatch: Mismatch | null;
}

/** A property compared as a whole. */
export function field(name: Said, expected: unknown, actual: unknown, ok = Object.is(expected, actual)): Field {
  const [wanted, found] = [show(expected), show(actual)];
  const mismatch = ok ? null : { ...asRationale(whyNot(name, expected, wanted, found)), expected: wanted, actual: found };
  return { name, mismatch };
}

function whyNot(name: Said, expected: unknown, wanted: string, found: string): Said {
  if (expected === null) return say("{0} is {1}, but must not be set", name, inWords(found));
  if (wanted === `not ${found}`) return say("{0} is {1}, but must not be", name, inWords(found));
  if (found === `not ${wanted}`) return say("{0} is {1}, but must be", name, inWords(found));
  // "It is not set, not 5" would be hard to read.
  if (found.startsWith("not ")) return say("{0} is {1}, where {2} is expected", name, inWords(found), inWords(wanted));
  return say("{0} is {1}, not {2}", name, inWords(found), inWords(wanted));
}

/** Of several things that a text or set must be, all that it is not as one mismatch, which shows the texts of the first. */
export function together(mismatches: readonly (Mismatch | null)[]): Mismatch | null {
  const wrong = mismatches.filter((one) => one !== null);
  const [first] = wrong;
  if (first === undefined || wrong.length === 1) return first ?? null;
  return { ...first, ...asRationale(joinSaid(wrong.map(saidOf), say("; "))) };
}

/** The properties that are not as expected as one mismatch, a line each; null when all are. */
export function combine(fields: readonly Field[]): Mismatch | null {
  const wrong = fields.flatMap(({ name, mismatch }) => (mismatch === null ? [] : [{ name, mismatch }]));
  const [first, ...more] = wrong;
  if (first === undefined) return null;
  const side = (key: "expected" | "actual"): string =>
    wrong
      .map(({ name, mismatch }) => labelled(name.en, mismatch[key] ?? (key === "expected" ? "as described" : mismatch.rationale)))
      .join("\n");
  return {
    ...asRationale(
      joinSaid(
        [first, ...more].map(({ mismatch }) => saidOf(mismatch)),
        say("; "),
      ),
    ),
    expected: side("expected"),
    actual: side("actual"),
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
