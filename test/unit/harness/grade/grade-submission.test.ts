import { expect, test } from "vitest";
import { gradeOf } from "../../../../src/harness/grade/gradebook.ts";
import { gradeSubmission, type Judged } from "../../../../src/harness/grade/grade-submission.ts";
import type { SubmittedFile } from "../../../../src/harness/grade/read-submission.ts";
import { stillStands, studentResult } from "../../../../src/harness/grade/student-result.ts";
import { fraction } from "../../../../src/harness/plan/fraction.ts";
import { earning, exerciseOf, taskOf } from "../../../support/exercise-of.ts";
import { resultOf } from "../../../support/report-of.ts";

const exercise = exerciseOf([taskOf("first", 1), taskOf("second", 2)]);
const theirs: SubmittedFile = { path: "a.sh", mode: 0o644, content: Buffer.from("theirs") };
const solution: SubmittedFile = { ...theirs, content: Buffer.from("solution") };
const digests = { exercise: "sha256:e", submission: "sha256:s", engine: "embedded 1" };

const passed: Judged = { result: resultOf({ outcome: "pass", checks: [] }), verdicts: earning(fraction(1n)) };
const broken: Judged = { result: resultOf({ outcome: "error", checks: [] }), verdicts: null };

/** Grades one whose second scenario comes out as `theirs` say, one after the other, and the solution's as `control`. */
async function graded(outcomes: readonly Judged[], control: Judged) {
  const runs: string[] = [];
  const left = [...outcomes];
  const results = await gradeSubmission(
    [theirs],
    exercise,
    async ({ name }, [file]) => {
      runs.push(`${name} ${file === undefined ? "nothing" : Buffer.from(file.content).toString()}`);
      if (name === "first") return passed;
      return file === solution ? control : (left.shift() ?? passed);
    },
    { control: async () => [solution] },
  );
  const of = { id: "a", status: "graded" as const, digests, modifiedAt: null, gradedAt: "", notices: [] };
  const result = studentResult(of, results);
  const student = { id: "a", name: null, submittedAt: null, language: null, attempt: null, work: null };
  return { runs, result, final: gradeOf(student, result, exercise).final };
}

test("a scenario that breaks once is run again, and only that counts", async () => {
  const { runs, result, final } = await graded([broken, passed], passed);
  expect(runs).toEqual(["first theirs", "second theirs", "second theirs"]);
  expect([result.status, final]).toEqual(["graded", fraction(3n)]);
});

test("what breaks twice under a submission and not under the solution waits for somebody to look, and is not run again by itself", async () => {
  const { runs, result, final } = await graded([broken, broken], passed);
  expect(runs).toEqual(["first theirs", "second theirs", "second theirs", "second solution"]);
  expect([result.status, final]).toEqual(["review", null]);
  expect(stillStands(result, digests)).toBe(true);
});

test("what breaks under the solution too is a fault of ours, which is tried again", async () => {
  const { result, final } = await graded([broken, broken], broken);
  expect([result.status, final]).toEqual(["fault", null]);
  expect(stillStands(result, digests)).toBe(false);
});
