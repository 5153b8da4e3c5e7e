import { type Fraction, subtract } from "../plan/fraction.ts";
import { parseExact, pointsText } from "./exact-points.ts";
import { visibleText } from "../report/visible-text.ts";

/** A student's grade before and after; null for none. */
export interface GradeChange {
  readonly id: string;
  readonly before: Fraction | null;
  readonly after: Fraction | null;
}

/** The grades in a `gradebook.json`, by id. @throws SyntaxError when it is none of ours. */
export function gradesIn(text: string): ReadonlyMap<string, Fraction | null> {
  const book = JSON.parse(text) as {
    readonly students?: readonly { readonly id: string; readonly final: { readonly exact: string } | null }[];
  };
  if (!Array.isArray(book.students)) throw new SyntaxError("it has no students");
  return new Map(book.students.map(({ id, final }) => [id, final === null ? null : parseExact(final.exact)]));
}

/** Who has another grade now, in the order of the new one's students; then those who are no longer there. */
export function changedGrades(
  before: ReadonlyMap<string, Fraction | null>,
  after: ReadonlyMap<string, Fraction | null>,
): readonly GradeChange[] {
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((id) => ({ id, before: before.get(id) ?? null, after: after.get(id) ?? null }))
    .filter((change) => compared(change) !== 0);
}

/** A line for each, and one that counts. */
export function changesText(changes: readonly GradeChange[], students: number): string {
  const text = (points: Fraction | null): string => (points === null ? "no grade" : pointsText(points));
  const lines = changes.map((change) => {
    const { id, before, after } = change;
    const difference =
      before === null || after === null ? "" : `  ${compared(change) > 0 ? "+" : "-"}${pointsText(absolute(subtract(after, before)))}`;
    return `  ${visibleText(id)}  ${text(before)} → ${text(after)}${difference}\n`;
  });
  const gain = changes.filter((change) => compared(change) > 0).length;
  return `${lines.join("")}${gain} gain, ${changes.length - gain} lose, ${students - changes.length} stay as they are\n`;
}

/** Above 0 for a gain; a grade where there was none is one. */
function compared({ before, after }: GradeChange): number {
  if (before === null || after === null) return Number(after !== null) - Number(before !== null);
  const { numerator } = subtract(after, before);
  return numerator > 0n ? 1 : numerator < 0n ? -1 : 0;
}

function absolute({ numerator, denominator }: Fraction): Fraction {
  return { numerator: numerator < 0n ? -numerator : numerator, denominator };
}
