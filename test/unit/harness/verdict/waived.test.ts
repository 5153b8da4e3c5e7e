import { expect, test } from "vitest";
import { waived } from "../../../../src/harness/verdict/waived.ts";

const waiver = { reason: "known", until: "2026-12-31" };

test("a waiver lets a failure pass until its day is over, and says so; what passes or is in error stays", () => {
  const fail = { outcome: "fail", rationale: "it is 1, not 2" } as const;
  expect(waived(fail, waiver, new Date("2026-12-31T23:59:59Z"))).toEqual({
    outcome: "pass",
    waived: "waived until 2026-12-31: known (it is 1, not 2)",
  });
  expect(waived(fail, waiver, new Date("2027-01-01T00:00:00Z"))).toMatchObject({
    outcome: "fail",
    rationale: "it is 1, not 2 (waived only until 2026-12-31: known)",
  });
  expect(waived(fail, null, new Date())).toBe(fail);
  const error = { outcome: "error", error: { name: "E", message: "m" } } as const;
  expect(waived(error, waiver, new Date("2026-01-01"))).toBe(error);
});
