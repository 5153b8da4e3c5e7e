/** How something is not as expected: one line, and the two texts when showing them side by side helps. */
export interface Mismatch {
  readonly rationale: string;
  readonly expected?: string;
  readonly actual?: string;
}

/** One property that was looked at. */
export interface Field {
  readonly name: string;
  /** Null: as expected. */
  readonly mismatch: Mismatch | null;
}

/** A property compared as a whole. */
export function field(name: string, expected: unknown, actual: unknown, ok = Object.is(expected, actual)): Field {
  const [wanted, found] = [show(expected), show(actual)];
  const rationale = expected === null ? `${name} is ${found}, but must not be set` : `${name} is ${found}, not ${wanted}`;
  const mismatch = ok ? null : { rationale, expected: wanted, actual: found };
  return { name, mismatch };
}

/** The properties that are not as expected as one mismatch, a line each; null when all are. */
export function combine(fields: readonly Field[]): Mismatch | null {
  const wrong = fields.flatMap(({ name, mismatch }) => (mismatch === null ? [] : [{ name, mismatch }]));
  const [first, ...more] = wrong;
  if (first === undefined) return null;
  const side = (key: "expected" | "actual"): string =>
    wrong
      .map(({ name, mismatch }) => labelled(name, mismatch[key] ?? (key === "expected" ? "as described" : mismatch.rationale)))
      .join("\n");
  return {
    rationale: [first, ...more].map(({ mismatch }) => mismatch.rationale).join("; "),
    expected: side("expected"),
    actual: side("actual"),
  };
}

function labelled(name: string, text: string): string {
  return text.includes("\n") ? `${name}:\n${text.replaceAll(/^/gm, "  ")}` : `${name}: ${text}`;
}

/** A value for people: texts as they are, lists of words as JSON. */
export function show(value: unknown): string {
  if (typeof value === "string") return value === "" ? '""' : value;
  if (value === null || value === undefined) return "not set";
  return JSON.stringify(value);
}
