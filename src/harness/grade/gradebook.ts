import { type Fraction, formatPoints, toNumber } from "../plan/fraction.ts";
import type { CheckResult } from "../report/report.ts";
import { visibleText } from "../report/visible-text.ts";
import type { Student } from "./cohort.ts";
import { formatCsv } from "./csv.ts";
import { exactText, parseExact, pointsText } from "./exact-points.ts";
import type { Exercise } from "./load-exercise.ts";
import { afterLateness, lateness, type Lateness } from "./late.ts";
import type { Penalty } from "./rubric.ts";
import { totalOfResult, type StudentResult } from "./student-result.ts";

/** A student's line. */
export interface Grade {
  readonly student: Student;
  /** Null: not graded in this run or an earlier one. */
  readonly result: StudentResult | null;
  readonly submittedAt: Date | null;
  readonly lateness: Lateness;
  readonly penalties: readonly Penalty[];
  /** Before and after lateness; null while there is no grade. */
  readonly earned: Fraction | null;
  readonly final: Fraction | null;
}

/** What a student gets: the submission's time, from the list or else its files, decides on lateness. */
export function gradeOf(
  student: Student,
  result: StudentResult | null,
  exercise: Pick<Exercise, "due" | "late" | "penalties" | "cap">,
): Grade {
  const modifiedAt = result?.modifiedAt ?? null;
  const submittedAt = student.submittedAt ?? (modifiedAt === null ? null : new Date(modifiedAt));
  const lateBy = lateness(submittedAt, exercise.due, exercise.late);
  const total = result === null ? null : totalOfResult(result, exercise);
  const earned = total?.earned ?? null;
  return {
    student,
    result,
    submittedAt,
    lateness: lateBy,
    penalties: total?.penalties ?? [],
    earned,
    final: earned === null ? null : afterLateness(earned, lateBy),
  };
}

/** The gradebook as CSV: points with two decimals, halves up; a student without a grade has empty cells there. */
export function gradebookCsv(exercise: Pick<Exercise, "tasks" | "points">, grades: readonly Grade[]): string {
  const head = ["id", "name", "status", "points", "max", "earned", "days late", "percent off", "submitted"];
  const rows = grades.map(({ student, result, submittedAt, lateness: { days, percent }, earned, final }) => [
    student.id,
    student.name ?? "",
    statusOf(result),
    final === null ? "" : pointsText(final),
    pointsText(exercise.points),
    earned === null ? "" : pointsText(earned),
    String(days),
    formatPoints(percent),
    submittedAt?.toISOString() ?? "",
    ...exercise.tasks.map(({ plan }) => {
      const task = result?.tasks.find(({ name }) => name === plan.name);
      if (task !== undefined) return task.isFault ? "" : pointsText(parseExact(task.earned));
      return result === null || result.status === "fault" || result.status === "review" ? "" : "0";
    }),
  ]);
  return formatCsv([[...head, ...exercise.tasks.map(({ plan }) => plan.name)], ...rows].map((row) => row.map(visibleText)));
}

function statusOf(result: StudentResult | null): string {
  return result?.status ?? "not graded";
}

/** The gradebook as JSON, exact points beside rounded ones, and how every task and check was done. */
export function gradebookJson(exercise: Exercise, grades: readonly Grade[], slipwayVersion: string): string {
  const points = (value: Fraction | null): object | null => (value === null ? null : { exact: exactText(value), rounded: toNumber(value) });
  const known = grades.flatMap(({ final }) => (final === null ? [] : [toNumber(final)]));
  return `${JSON.stringify(
    {
      schemaVersion: 1,
      slipwayVersion,
      exercise: { title: exercise.title, digest: exercise.digest, points: points(exercise.points), due: exercise.due },
      mean: known.length === 0 ? null : thousandth(known.reduce((a, b) => a + b, 0) / known.length),
      students: grades.map(({ student, result, submittedAt, lateness: { days, percent }, earned, final }) => ({
        id: student.id,
        name: student.name,
        status: statusOf(result),
        submittedAt,
        daysLate: days,
        percentOff: toNumber(percent),
        earned: points(earned),
        final: points(final),
        tasks: (result?.tasks ?? []).map((task) => ({ name: task.name, isFault: task.isFault, earned: points(parseExact(task.earned)) })),
        digests: result?.digests ?? null,
      })),
      tasks: taskStatistics(exercise, grades),
    },
    null,
    2,
  )}\n`;
}

export interface TaskStatistics {
  readonly name: string;
  readonly points: number;
  /** Whose work was run and judged. */
  readonly students: number;
  /** Part of them, 0 to 1, for whom everything passed; null without students. */
  readonly successRate: number | null;
  /** Of all students, in points. */
  readonly meanPoints: number | null;
  readonly checks: readonly { readonly id: string; readonly title: CheckResult["title"]; readonly successRate: number | null }[];
}

/** How each task was done, by those whose work was run. */
export function taskStatistics({ tasks }: Pick<Exercise, "tasks">, grades: readonly Grade[]): readonly TaskStatistics[] {
  return tasks.map(({ plan, points }) => {
    const results = grades.flatMap(({ result }) => result?.tasks.filter(({ name, isFault }) => name === plan.name && !isFault) ?? []);
    const ids = new Map(results.flatMap(({ result }) => result.checks.map(({ id, title }) => [id, title] as const)));
    return {
      name: plan.name,
      points: toNumber(points),
      students: results.length,
      successRate: rate(results.filter(({ result }) => result.outcome === "pass").length, results.length),
      meanPoints:
        results.length === 0
          ? null
          : thousandth(results.reduce((total, { earned }) => total + toNumber(parseExact(earned)), 0) / results.length),
      checks: [...ids].map(([id, title]) => ({
        id,
        title,
        successRate: rate(
          results.filter(({ result }) => result.checks.some((check) => check.id === id && check.outcome === "pass")).length,
          results.length,
        ),
      })),
    };
  });
}

function rate(passed: number, count: number): number | null {
  return count === 0 ? null : thousandth(passed / count);
}

function thousandth(value: number): number {
  return Math.round(value * 1000) / 1000;
}
