import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkExercise } from "../../../../src/harness/grade/check-exercise.ts";
import { taskResult } from "../../../../src/harness/grade/grade-submission.ts";
import { exactText } from "../../../../src/harness/grade/exact-points.ts";
import { loadExercise } from "../../../../src/harness/grade/load-exercise.ts";
import { fraction } from "../../../../src/harness/plan/fraction.ts";
import { earning, exerciseOf, taskOf } from "../../../support/exercise-of.ts";
import { checkOf, resultOf } from "../../../support/report-of.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-test-exercise-"));
  cpSync("exercises/flatten", folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function problemsWith(...replacements: readonly (readonly [string, string])[]): Promise<string> {
  const file = join(folder, "exercise.yaml");
  let text = readFileSync(file, "utf8");
  for (const [from, to] of replacements) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
  return await loadExercise(folder).then(
    () => "",
    (error: Error) => error.message.replaceAll(`${folder}/`, ""),
  );
}

test("an exercise is loaded with its tasks; hidden ones tell only the kind", async () => {
  const { tasks, points, knownBad } = await loadExercise(folder);
  expect(tasks.map(({ plan, feedback }) => `${plan.name} ${feedback}`)).toEqual(["flatten-given full", "flatten-hidden kind"]);
  expect(points).toEqual(fraction(10n));
  expect(knownBad).toHaveLength(6);
});

test("all that is wrong is told with its place", async () => {
  expect(await problemsWith(["points: 10", "points: 11"])).toBe(
    "exercise.yaml:7:9 points: the scenarios' points add up to 10\n  7 | points: 11\n    |         ^^",
  );
  expect(await problemsWith(["points: 11", "pionts: 10"])).toContain('unknown key "pionts"; did you mean points?');
});

test("known-bad folders and their verdicts must agree, and name checks that are there", async () => {
  const text = await problemsWith(["  leaves-tar:", "  leaves-zip:"], ["[step-3, step-3/1/stdout]", "[step-9]"]);
  expect(text).toContain("there is no folder known-bad/leaves-zip");
  expect(text).toContain("does not say what known-bad/leaves-tar must get");
  expect(text).toContain("the scenario has no such check; it has step-1, step-2");
});

test("a check of an exercise names wrong verdicts, flaky checks, and expectations that nothing wrong fails", () => {
  const task = taskOf("t", 2);
  const exercise = exerciseOf([task], { knownBad: [{ name: "bad", folder: "", points: 1, fails: { t: ["step-1/stdout"] } }] });
  const attempt = (of: "solution" | "empty" | { knownBad: string }, earned: bigint, ...failing: readonly string[]) => {
    const checks = ["step-1", "step-1/stdout", "step-1/stderr"].map((id) =>
      checkOf({ id, outcome: failing.includes(id) ? "fail" : "pass" }),
    );
    return {
      of,
      refused: false,
      results: [taskResult(task, { result: resultOf({ name: "t", checks }), verdicts: earning(fraction(earned, 2n)) })],
    };
  };
  const right = [
    attempt("solution", 2n),
    attempt("empty", 0n, "step-1", "step-1/stdout"),
    attempt({ knownBad: "bad" }, 1n, "step-1/stdout"),
  ];
  expect(checkExercise(exercise, right)).toEqual({ problems: [], faults: [], vacuous: ["t step-1/stderr"] });
  const wrong = [
    attempt("solution", 1n, "step-1/stderr"),
    attempt("empty", 1n),
    attempt({ knownBad: "bad" }, 2n, "step-1"),
    attempt({ knownBad: "bad" }, 2n),
  ];
  expect(checkExercise(exercise, wrong).problems).toEqual([
    "solution: earns 1 of 2 points",
    "solution: t step-1/stderr",
    "empty submission: earns 1 points: t step-1, t step-1/stdout, t step-1/stderr",
    "known-bad/bad: earns 2 points, not 1",
    "known-bad/bad: also fails t step-1",
    "known-bad/bad: does not fail t step-1/stdout",
    "known-bad/bad: is flaky: t step-1 came out otherwise on another run",
  ]);
});

test("points are shared by weight, extra credit is beyond them, and what names no check is told of", async () => {
  const weighed = [
    [
      "  - { file: scenarios/given.yaml, points: 6 }",
      "  - { file: scenarios/given.yaml, weight: 2, allOrNothing: true, checks: { step-4/1/stdout: { feedback: none } } }",
    ],
    [
      "points: 4, hidden: true }",
      "weight: 1, hidden: true, hintsFrom: 2 }\npenalties:\n  - { scenario: flatten-given, checks: [step-4/1/stdout], points: 1 }\ncap: 9.5",
    ],
  ] as const;
  expect(await problemsWith(...weighed)).toBe("");
  const { tasks, points, cap, penalties } = await loadExercise(folder);
  expect(tasks.map((task) => exactText(task.points))).toEqual(["20/3", "10/3"]);
  expect([exactText(points), cap && exactText(cap), penalties.length, tasks[1]?.hintsFrom]).toEqual(["10", "19/2", 1, 2]);
  const text = await problemsWith(["[step-4/1/stdout], points: 1", "[nothing], points: 1"], ["weight: 1,", "points: 11,"]);
  expect(text).toContain("the scenario has no such check");
  expect(text).toContain("the other scenarios have more than the exercise's points already");
});
