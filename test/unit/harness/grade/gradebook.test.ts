import { expect, test } from "vitest";
import type { Student } from "../../../../src/harness/grade/cohort.ts";
import { formatCsv, parseCsv } from "../../../../src/harness/grade/csv.ts";
import { gradebookCsv, gradebookJson, gradeOf } from "../../../../src/harness/grade/gradebook.ts";
import { taskResult } from "../../../../src/harness/grade/grade-submission.ts";
import { stillStands, type StudentResult, studentResult } from "../../../../src/harness/grade/student-result.ts";
import { fraction } from "../../../../src/harness/plan/fraction.ts";
import { earning, exerciseOf, taskOf } from "../../../support/exercise-of.ts";
import { checkOf, resultOf } from "../../../support/report-of.ts";

const tasks = [taskOf("first", 1), taskOf("second", 2)] as const;
const exercise = exerciseOf(tasks);
const digests = { exercise: "sha256:e", submission: "sha256:s", engine: "embedded 1" };

function student(id: string, more: Partial<Student> = {}): Student {
  return { id, name: null, submittedAt: null, language: null, attempt: null, work: null, ...more };
}

function resultFor(id: string, earned: bigint, outcome: "pass" | "fail" | "error" = "fail"): StudentResult {
  const verdicts = outcome === "error" ? null : earning(fraction(earned, 3n));
  const of = {
    id,
    status: "graded" as const,
    digests,
    modifiedAt: "2026-03-01T12:00:00.000Z",
    gradedAt: "2026-04-01T00:00:00.000Z",
    notices: [],
  };
  return studentResult(
    of,
    tasks.map((task) =>
      taskResult(task, { result: resultOf({ name: task.plan.name, outcome, checks: [checkOf({ outcome })] }), verdicts }),
    ),
  );
}

test("points are exact until they are told: two thirds of 1 and of 2 are 2, a day late they are 1.8", () => {
  const inTime = gradeOf(student("a"), resultFor("a", 2n), exercise);
  const late = gradeOf(student("b", { submittedAt: new Date("2026-03-02T11:00:00Z") }), resultFor("b", 2n), exercise);
  const [, first, second] = gradebookCsv(exercise, [inTime, late]).split("\r\n");
  expect(first).toBe("a,,graded,2,3,2,0,0,2026-03-01T12:00:00.000Z,0.67,1.33");
  expect(second).toBe("b,,graded,1.8,3,2,1,10,2026-03-02T11:00:00.000Z,0.67,1.33");
});

test("a fault of ours leaves the cells empty instead of costing points, and the success rates leave it out", () => {
  const grades = [
    gradeOf(student("a"), resultFor("a", 3n, "pass"), exercise),
    gradeOf(student("b"), resultFor("b", 0n), exercise),
    gradeOf(student("c"), resultFor("c", 0n, "error"), exercise),
    gradeOf(student("d"), null, exercise),
  ];
  const rows = parseCsv(gradebookCsv(exercise, grades));
  expect(rows.slice(3).map((row) => row.slice(0, 6))).toEqual([
    ["c", "", "fault", "", "3", ""],
    ["d", "", "not graded", "", "3", ""],
  ]);
  const book = JSON.parse(gradebookJson(exercise, grades, "1")) as { mean: number; tasks: unknown[]; students: unknown[] };
  expect(book.mean).toBe(1.5);
  expect(book.tasks[1]).toMatchObject({ name: "second", students: 2, successRate: 0.5, meanPoints: 1, checks: [{ successRate: 0.5 }] });
  expect(book.students[2]).toMatchObject({ status: "fault", final: null });
});

test("no cell is a formula, and what is quoted comes back", () => {
  expect(formatCsv([["=1+1", "+1", "-1.5", "@a", "\t=x", "-x"]])).toBe("'=1+1,'+1,-1.5,'@a,'\t=x,'-x\r\n");
  const rows = [["a,b", 'say "hi"', "two\nlines", ""]];
  expect(parseCsv(formatCsv(rows))).toEqual(rows);
  expect(parseCsv("\ufeffid,name\r\n\r\n1,x")).toEqual([
    ["id", "name"],
    ["1", "x"],
  ]);
});

test("an earlier result stands for the same exercise, work and engine alone, and a fault never does", () => {
  const graded = resultFor("a", 3n);
  expect(stillStands(graded, digests)).toBe(true);
  for (const key of ["exercise", "submission", "engine"] as const) expect(stillStands(graded, { ...digests, [key]: "other" })).toBe(false);
  expect(stillStands(resultFor("a", 0n, "error"), digests)).toBe(false);
  expect(stillStands(null, digests)).toBe(false);
});
