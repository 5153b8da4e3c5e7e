import { expect, test } from "vitest";
import { mergeReports } from "../../../../src/harness/report/merge-reports.ts";
import type { Report } from "../../../../src/harness/report/report.ts";
import { resultOf, sampleReport } from "../../../support/report-of.ts";

const part = (index: number, count: number, ...names: readonly string[]): { file: string; report: Report } => ({
  file: `part-${index}.json`,
  report: {
    ...sampleReport(...names.map((name) => resultOf({ name, file: `scenarios/${name}.yaml`, outcome: name === "c" ? "fail" : "pass" }))),
    shard: { index, count, by: "slice" },
    startedAt: `2026-01-02T03:04:0${index}.000Z`,
    durationMs: 3000,
  },
});

test("the parts of a run make the report of the whole: all scenarios in the order of files, totals, and the time from first to last", () => {
  const merged = mergeReports([part(2, 2, "c"), part(1, 2, "b", "a")]);
  expect(merged.scenarios.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(merged).toMatchObject({ outcome: "fail", shard: null, startedAt: "2026-01-02T03:04:01.000Z", durationMs: 4000 });
  expect(merged.totals).toMatchObject({ scenarios: 3, passed: 2, failed: 1 });
});

test("a missing part, one twice, and parts of another division are refused", () => {
  expect(() => mergeReports([part(1, 3, "a"), part(3, 3, "b")])).toThrow("the shard 2 of 3 is missing");
  expect(() => mergeReports([part(1, 2, "a"), part(2, 2, "a")])).toThrow("scenarios/a.yaml: a is in part-1.json and in part-2.json");
  expect(() => mergeReports([part(1, 2, "a"), part(2, 3, "b")])).toThrow(
    "part-2.json and part-1.json are not of the same division into shards",
  );
});
