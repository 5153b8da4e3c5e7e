import { expect, test } from "vitest";
import { exactText } from "../../../../src/harness/grade/exact-points.ts";
import { afterLateness, lateness } from "../../../../src/harness/grade/late.ts";
import { fraction } from "../../../../src/harness/plan/fraction.ts";

const due = new Date("2026-03-01T12:00:00+08:00");
const late = { grace: "10m", percentPerDay: 10, maxDays: 3 };
const at = (time: string, policy: typeof late | null = late): { days: number; left: string } => {
  const by = lateness(new Date(time), due, policy);
  return { days: by.days, left: exactText(afterLateness(fraction(7n, 3n), by)) };
};

test("the due moment and the grace after it are in time", () => {
  expect(at("2026-03-01T04:00:00Z")).toEqual({ days: 0, left: "7/3" });
  expect(at("2026-03-01T04:10:00Z")).toEqual({ days: 0, left: "7/3" });
});

test("after the grace each started day since due costs its percentage of the exact points", () => {
  expect(at("2026-03-01T04:10:00.001Z")).toEqual({ days: 1, left: "21/10" });
  expect(at("2026-03-02T04:00:00Z")).toEqual({ days: 1, left: "21/10" });
  expect(at("2026-03-02T04:00:01Z")).toEqual({ days: 2, left: "28/15" });
});

test("later than the last day nothing is left, and never less than nothing", () => {
  expect(at("2026-03-04T04:00:01Z")).toEqual({ days: 4, left: "0" });
  expect(at("2026-03-20T04:00:00Z", { grace: "0s", percentPerDay: 30, maxDays: 100 })).toEqual({ days: 19, left: "0" });
});

test("without a policy lateness is told and costs nothing; without a due time or a submission's time there is none", () => {
  expect(at("2026-03-02T04:00:00Z", null)).toEqual({ days: 1, left: "7/3" });
  expect(lateness(new Date("2026-03-02T04:00:00Z"), null, null).days).toBe(0);
  expect(lateness(null, due, late).days).toBe(0);
});
