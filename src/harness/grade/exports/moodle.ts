import { InvalidArgumentError } from "../../../base/errors.ts";
import { subtract } from "../../plan/fraction.ts";
import { formatCsv, parseCsv } from "../csv.ts";
import { pointsOfText, pointsText } from "../exact-points.ts";
import type { Grade } from "../gradebook.ts";
import type { Exercise } from "../load-exercise.ts";
import type { Filled } from "./canvas.ts";

/**
 * Fills an offline grading worksheet that Moodle gave to download: the columns Grade and, when it is there, Feedback comments. Everything else stays as it is,
 * by which Moodle sees whether somebody graded meanwhile; so do rows whose grade cannot be changed, and students without a grade.
 * @throws InvalidArgumentError when it is no such worksheet, or gives other points.
 */
export function fillMoodle(worksheet: string, exercise: Exercise, grades: readonly Grade[], feedbackOf: (grade: Grade) => string): Filled {
  const [head = [], ...rows] = parseCsv(worksheet);
  const column = (name: string): number => head.findIndex((one) => one.trim() === name);
  const [identifier, grade, maximum] = [column("Identifier"), column("Grade"), column("Maximum Grade")];
  // Moodle refuses a worksheet without any of these, by these very names in the language of whoever uploads it.
  if (identifier < 0 || grade < 0 || column("Last modified (grade)") < 0) {
    throw new InvalidArgumentError(
      "moodle: this is no grading worksheet: it must have the columns Identifier, Grade and Last modified (grade) (download it in English)",
    );
  }
  const found = new Set<string>();
  const filled = rows.map((row) => {
    const cells = head.map((_, index) => row[index] ?? "");
    const ids = [
      /^Participant (\d+)$/.exec(cells[identifier]?.trim() ?? "")?.[1],
      cells[column("ID number")],
      cells[column("Email address")],
    ];
    const one = grades.find(({ student }) => ids.includes(student.id));
    if (one === undefined) return cells;
    found.add(one.student.id);
    const points = maximum < 0 ? null : pointsOfText(cells[maximum] ?? "");
    if (points !== null && subtract(points, exercise.points).numerator !== 0n) {
      throw new InvalidArgumentError(
        `moodle: the maximum grade is ${cells[maximum]} there, the exercise has ${pointsText(exercise.points)} points`,
      );
    }
    if (one.final === null || cells[column("Grade can be changed")] === "No") return cells;
    cells[grade] = pointsText(one.final);
    const comments = column("Feedback comments");
    // Moodle takes it for HTML.
    if (comments >= 0) cells[comments] = `<pre>${escaped(feedbackOf(one))}</pre>`;
    return cells;
  });
  const missing = grades.filter(({ student, final }) => final !== null && !found.has(student.id)).map(({ student }) => student.id);
  return { text: formatCsv([head, ...filled]), missing };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
