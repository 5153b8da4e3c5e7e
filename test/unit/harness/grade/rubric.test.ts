import { expect, test } from "vitest";
import { exactText } from "../../../../src/harness/grade/exact-points.ts";
import { taskResult } from "../../../../src/harness/grade/grade-submission.ts";
import { scoreInGroups, shareByWeight, totalOf } from "../../../../src/harness/grade/rubric.ts";
import { studentSeed } from "../../../../src/harness/grade/student-seed.ts";
import { fraction, pointsOf } from "../../../../src/harness/plan/fraction.ts";
import type { Verdict } from "../../../../src/harness/verdict/verdict.ts";
import { earning, taskOf } from "../../../support/exercise-of.ts";
import { resultOf } from "../../../support/report-of.ts";

const pass: Verdict = { outcome: "pass" };
const fail: Verdict = { outcome: "fail", rationale: "no" };
const fault: Verdict = { outcome: "error", error: { name: "E", message: "ours" } };

function judged(verdicts: Readonly<Record<string, Verdict>>) {
  const [{ expectation } = { expectation: null }] = earning(fraction(1n));
  if (expectation === null) throw new Error("no expectation");
  return Object.entries(verdicts).map(([id, verdict]) => ({ expectation: { ...expectation, id, points: fraction(1n) }, verdict }));
}

test("a group earns all of its points or none of them; what is outside of it earns by itself", () => {
  const earned = (verdicts: Readonly<Record<string, Verdict>>, groups: true | readonly (readonly string[])[]) => {
    const { earned: got, undecided } = scoreInGroups(judged(verdicts), groups);
    return `${exactText(got)} undecided ${exactText(undecided)}`;
  };
  expect(earned({ a: pass, b: pass, c: pass }, [["a", "b"]])).toBe("3 undecided 0");
  expect(earned({ a: pass, b: fail, c: pass }, [["a", "b"]])).toBe("1 undecided 0");
  expect(earned({ a: pass, b: fail, c: pass }, true)).toBe("0 undecided 0");
  // Ours to find out, unless it is lost for certain.
  expect(earned({ a: pass, b: fault, c: pass }, [["a", "b"]])).toBe("1 undecided 2");
  expect(earned({ a: fail, b: fault, c: pass }, [["a", "b"]])).toBe("1 undecided 0");
});

test("what nobody's fault kept from being judged is not undecided in a task either", () => {
  const task = taskOf("t", 6, { allOrNothing: [["a", "b"]] });
  const result = resultOf({ name: "t", outcome: "fail" });
  expect(exactText(taskResult(task, { result, verdicts: judged({ a: pass, b: fail, c: pass }) }).earned)).toBe("2");
  expect(taskResult(task, { result, verdicts: judged({ a: pass, b: fault, c: pass }) }).isFault).toBe(true);
});

test("penalties are taken off once for each, nobody has less than nothing, and extra credit counts up to the cap", () => {
  const check = (id: string, outcome: "pass" | "fail" | "skip") => ({ id, outcome });
  const penalties = [{ scenario: "t", checks: ["x", "y"], points: pointsOf(1.5), about: null }];
  const total = (earned: number, checks: readonly ReturnType<typeof check>[], cap: number | null) =>
    exactText(totalOf([{ name: "t", earned: pointsOf(earned), checks }], { penalties, cap: cap === null ? null : pointsOf(cap) }).earned);
  expect(total(3, [check("x", "pass")], null)).toBe("3");
  expect(total(3, [check("x", "fail"), check("y", "fail")], null)).toBe("3/2");
  expect(total(3, [check("x", "skip")], null)).toBe("3");
  expect(total(1, [check("x", "fail")], null)).toBe("0");
  expect(total(12, [], 10)).toBe("10");
});

test("weights share points exactly", () => {
  expect(shareByWeight(pointsOf(10), [1, 2.5, 3.5].map(pointsOf)).map(exactText)).toEqual(["10/7", "25/7", "5"]);
});

test("a student's seed is always the same and another's is another", () => {
  expect(studentSeed("", "anna")).toBe(studentSeed("", "anna"));
  expect(new Set(["anna", "bo", "chen"].map((id) => studentSeed("", id))).size).toBe(3);
  expect(studentSeed("2026", "anna")).not.toBe(studentSeed("", "anna"));
  expect(studentSeed("", "anna")).toMatch(/^\d{1,10}$/);
});
