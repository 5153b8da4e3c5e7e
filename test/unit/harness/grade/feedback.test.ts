import { expect, test } from "vitest";
import { feedbackMarkdown } from "../../../../src/harness/grade/feedback.ts";
import { taskResult } from "../../../../src/harness/grade/grade-submission.ts";
import { gradeOf } from "../../../../src/harness/grade/gradebook.ts";
import type { Task } from "../../../../src/harness/grade/load-exercise.ts";
import { studentResult } from "../../../../src/harness/grade/student-result.ts";
import { fraction } from "../../../../src/harness/plan/fraction.ts";
import { earning, exerciseOf, taskOf } from "../../../support/exercise-of.ts";
import { checkOf, resultOf } from "../../../support/report-of.ts";

const location = { file: "hidden.yaml", line: 3, column: 5 };
const failing = checkOf({
  id: "step-1/stdout",
  type: "expectation",
  title: { en: "it greets", zh: "它打招呼" },
  outcome: "fail",
  points: 0,
  problems: [
    {
      title: "it greets",
      location,
      rationale: 'stdout is "ACTUAL", not "SECRET"',
      expected: "SECRET",
      actual: "ACTUAL ``` <b> \u001b[31m",
      help: { en: "Say hello.", zh: "请问好。" },
    },
  ],
});

function feedback(
  more: Partial<Task>,
  options: { language?: "en" | "zh"; isOver?: boolean; isFault?: boolean; attempt?: number } = {},
): string {
  const task = taskOf("hidden-one", 2, more);
  const exercise = exerciseOf([task]);
  const error = options.isFault === true ? { name: "E", message: "BROKEN ENGINE" } : null;
  const result = resultOf({ name: "hidden-one", title: null, outcome: error === null ? "fail" : "error", error, checks: [failing] });
  const done = taskResult(task, { result, verdicts: error === null ? earning(fraction(1n, 2n)) : null });
  const digests = { exercise: "", submission: "", engine: "" };
  const notices = [{ kind: "ignored" as const, path: "x`<i>", text: { en: "left aside", zh: "已忽略" } }];
  const graded = studentResult({ id: "a", status: "graded", digests, modifiedAt: null, gradedAt: "", notices }, [done]);
  const student = { id: "a", name: "<script>", submittedAt: null, language: null, attempt: options.attempt ?? null, work: null };
  const { language = "en", isOver = false } = options;
  return feedbackMarkdown(exercise, gradeOf(student, graded, exercise), { language, isOver });
}

test("full feedback has what was expected, what was there, and the hint, and nothing of it becomes mark-up", () => {
  const text = feedback({});
  expect(text).toContain("**Points: 1 / 2**");
  expect(text).toContain("- expected: SECRET");
  expect(text).toContain("  ````diff");
  expect(text).toContain("> Hint: Say hello.");
  expect(text).toContain("Student: \\<script\\>");
  expect(text).not.toContain("\u001b");
  expect(text).not.toContain("hidden.yaml");
});

test("the other levels tell less: no expected text, then no actual one, then nothing but points", () => {
  const actualOnly = feedback({ feedback: "actual-only" });
  expect(actualOnly).toContain("ACTUAL");
  expect(actualOnly).not.toContain("SECRET");
  const kind = feedback({ feedback: "kind" });
  expect(kind).toContain("❌ it greets");
  expect(kind).toContain("Say hello.");
  expect(kind).not.toMatch(/SECRET|ACTUAL/);
  const none = feedback({ feedback: "none" });
  expect(none).toContain("hidden-one · 1 / 2");
  expect(none).not.toMatch(/greets|SECRET|ACTUAL/);
});

test("what waits for the due time is told after it, and what is hidden never", () => {
  expect(feedback({ visibility: "after-due" })).toContain("after the due time");
  expect(feedback({ visibility: "after-due" })).not.toContain("greets");
  expect(feedback({ visibility: "after-due" }, { isOver: true })).toContain("greets");
  const hidden = feedback({ visibility: "hidden" }, { isOver: true });
  expect(hidden).toContain("One more part");
  expect(hidden).not.toMatch(/greets|hidden-one/);
});

test("a fault of ours is told as ours, without points or details", () => {
  const text = feedback({}, { isFault: true });
  expect(text).toContain("You lose no points");
  expect(text).not.toMatch(/BROKEN|greets|0 \/ 2/);
});

test("feedback comes in Chinese too", () => {
  const text = feedback({}, { language: "zh" });
  expect(text).toContain("# 一个练习");
  expect(text).toContain("它打招呼");
  expect(text).toContain("> 提示: 请问好。");
});

test("a single check has its own level, visibility and hints, which come by attempt", () => {
  const failingId = failing.id;
  const own = (check: NonNullable<Task["checks"][string]>, more: Partial<Task> = {}) =>
    feedback({ ...more, checks: { [failingId]: check } });
  expect(own({ feedback: "kind" })).not.toContain("ACTUAL");
  expect(own({ feedback: "actual-only" })).not.toContain("SECRET");
  for (const check of [{ feedback: "none" }, { visibility: "hidden" }, { visibility: "after-due" }] as const) {
    expect(own(check)).not.toContain("it greets");
    expect(own(check)).toContain("One more check counts here");
  }
  expect(own({ hints: ["Look again.", "Use a pipe."] })).toContain("> Hint: Use a pipe.");
  expect(own({ hints: ["Look again.", "Use a pipe."] })).not.toContain("Say hello");
});

test("hints wait for the attempt that they are for", () => {
  const hinted = { hintsFrom: 2 };
  expect(feedback(hinted, { attempt: 1 })).not.toContain("Say hello");
  expect(feedback(hinted, { attempt: 2 })).toContain("Say hello");
  const two = { checks: { [failing.id]: { hints: ["Look again.", "Use a pipe."] } } };
  expect(feedback(two, { attempt: 1 })).toContain("Look again.");
  expect(feedback(two, { attempt: 7 })).toContain("Use a pipe.");
});
