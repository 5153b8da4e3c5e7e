import { InvalidArgumentError } from "../../../base/errors.ts";
import { subtract } from "../../plan/fraction.ts";
import { formatCsv, parseCsv } from "../csv.ts";
import { pointsOfText, pointsText } from "../exact-points.ts";
import type { Grade } from "../gradebook.ts";
import type { Exercise } from "../load-exercise.ts";

/** What Canvas takes for columns of its own, wherever it stands in a name. */
const RESERVED = /(?:Current|Final|Override) (?:Score|Points|Grade|Status)/;

/** The columns by which a student may be known, in this order. */
const IDENTITIES = ["ID", "SIS Login ID", "SIS User ID", "Integration ID"];

export interface Filled {
  readonly text: string;
  /** Students with a grade who are not in the course's file. */
  readonly missing: readonly string[];
}

/**
 * Fills a gradebook that Canvas exported: the columns up to `Section`, which stands last before the assignments, and of these the one alone, so that an
 * import touches no other. The row `Points Possible` stays. Who has no grade, or is excused (`EX`), keeps what is there.
 * @throws InvalidArgumentError when it is no such file, has no such assignment, or gives other points for it.
 */
export function fillCanvas(exported: string, exercise: Exercise, grades: readonly Grade[], assignment: string): Filled {
  const [head = [], ...rows] = parseCsv(exported);
  const section = head.indexOf("Section");
  const isNamed = head[0] === "Student" || (head[0] === "LastName" && head[1] === "FirstName");
  if (!isNamed || section < 0) {
    throw new InvalidArgumentError("canvas: this is no gradebook that Canvas exported: its first columns must be Student, … Section");
  }
  const names = head.slice(section + 1);
  const matching = names.filter((name) => name === assignment || name.replace(/ \(\d+\)$/, "") === assignment);
  const [name] = matching;
  if (name === undefined || matching.length > 1) {
    throw new InvalidArgumentError(
      `canvas: ${name === undefined ? "no" : "more than one"} assignment is named ${assignment}; there are ${names.join(", ")}`,
    );
  }
  if (RESERVED.test(name)) {
    throw new InvalidArgumentError(`canvas: ${name}: an import leaves out columns of such a name; give the assignment another`);
  }
  const at = section + 1 + names.indexOf(name);
  const possible = rows.find(([first = ""]) => first.trim() === "Points Possible");
  const points = possible?.[at]?.trim() ?? "";
  if (possible === undefined || subtract(pointsOfText(points) ?? { numerator: -1n, denominator: 1n }, exercise.points).numerator !== 0n) {
    throw new InvalidArgumentError(
      `canvas: ${name} has ${points === "" ? "no" : points} points possible there, the exercise ${pointsText(exercise.points)}`,
    );
  }
  const identities = IDENTITIES.map((column) => head.indexOf(column)).filter((index) => index >= 0 && index < section);
  const found = new Set<string>();
  const filled = rows.map((row) => {
    const known = row.slice(0, section + 1);
    if (row === possible) return [...known, points];
    const grade = identities
      .map((index) => grades.find(({ student }) => student.id === row[index]?.trim() && row[index].trim() !== ""))
      .find((one) => one !== undefined);
    if (grade !== undefined) found.add(grade.student.id);
    // Who is excused stays excused.
    if (/^ex$/i.test(row[at]?.trim() ?? "")) return [...known, row[at] ?? ""];
    return [...known, grade?.final ? pointsText(grade.final) : (row[at] ?? "")];
  });
  const missing = grades.filter(({ student, final }) => final !== null && !found.has(student.id)).map(({ student }) => student.id);
  return { text: formatCsv([[...head.slice(0, section + 1), name], ...filled]), missing };
}
