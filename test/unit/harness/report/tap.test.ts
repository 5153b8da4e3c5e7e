import { Parser } from "tap-parser";
import { expect, test } from "vitest";
import { tapDocument } from "../../../../src/harness/report/tap.ts";
import { everyOutcome, sampleReport } from "../../../support/report-of.ts";

interface Point {
  readonly ok: boolean;
  readonly name: string;
  readonly skip?: string | boolean;
  readonly diag?: Record<string, unknown>;
}

/** What a TAP consumer makes of a document: its points, each subtest's, and every line that it could not read. */
function parsed(document: string) {
  const points: Point[] = [];
  const inner: Point[] = [];
  const unread: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on("assert", (point: Point) => void points.push(point));
  parser.on("child", (child: Parser) => {
    child.on("assert", (point: Point) => void inner.push(point));
    child.on("extra", (line: string) => void unread.push(line));
  });
  parser.on("extra", (line: string) => void unread.push(line));
  parser.end(document);
  return { points, inner, unread, results: parser.results, failures: parser.results?.failures ?? [] };
}

test("a TAP parser reads every outcome, with subtests and diagnostics, and nothing is left over", () => {
  const { points, inner, unread, results } = parsed(tapDocument(everyOutcome(), "en"));
  expect(unread).toEqual([]);
  expect(results).toMatchObject({ count: 9, pass: 7, fail: 2, skip: 3, bailout: false, plan: { start: 1, end: 9 } });
  expect(points.map(({ ok, name, skip }) => [ok, name, skip])).toEqual([
    [true, "a", false],
    [false, "b", false],
    [true, "flaky", false],
    [false, "fault", false],
    [true, "skipped", "it requires the program # perl"],
    [true, "blocked", "b did not pass"],
    [true, "stopped", "the run was broken off # 1"],
    [true, "again (1/2)", false],
    [true, "again (2/2)", false],
  ]);
  expect(points[1]?.diag).toMatchObject({
    severity: "fail",
    file: "scenarios/b & c.yaml",
    points: "0/1",
    reproduce: "slipway run scenarios/a.yaml",
  });
  expect(points[3]?.diag?.["message"]).toBe("the engine ended: % , : it was killed its log");
  expect(inner).toHaveLength(7);
  expect(inner[1]).toMatchObject({ ok: false, diag: { at: "scenarios/b & c.yaml:7:9", message: 'standard output is "b # 1", not "a"' } });
  expect(String(inner[1]?.diag?.["details"])).toContain("- a\n+ b # 1");
});

test("a run that was broken off bails out, and one of nothing is a plan of none", () => {
  expect(parsed(tapDocument({ ...everyOutcome(), outcome: "interrupted" }, "en")).results?.bailout).toBe("interrupted");
  expect(parsed(tapDocument(sampleReport(), "en")).results).toMatchObject({ ok: true, count: 0 });
});
