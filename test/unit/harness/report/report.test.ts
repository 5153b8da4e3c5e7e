import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkOf, resultOf, sampleReport } from "../../../support/report-of.ts";

const schema = JSON.parse(readFileSync("schemas/report.schema.json", "utf8")) as object;
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

test("a report conforms to its schema", () => {
  validate(sampleReport(resultOf(), resultOf({ outcome: "skip", reason: "why", title: null, engine: null, checks: [] })));
  expect(validate.errors).toBeNull();
});

test("totals leave skipped scenarios' points out, and sum thousandths exactly", () => {
  const report = sampleReport(
    resultOf({ points: 0.1, maxPoints: 0.1 }),
    resultOf({ points: 0.2, maxPoints: 0.5, outcome: "fail", checks: [checkOf({ outcome: "fail" })] }),
    resultOf({ points: 0, maxPoints: 5, outcome: "skip" }),
  );
  expect(report.outcome).toBe("fail");
  expect(report.totals).toEqual({
    scenarios: 3,
    interrupted: 0,
    passed: 1,
    failed: 1,
    errors: 0,
    skipped: 1,
    blocked: 0,
    flaky: 0,
    points: 0.3,
    maxPoints: 0.6,
  });
});

test("an error outweighs a failure", () => {
  expect(sampleReport(resultOf({ outcome: "fail" }), resultOf({ outcome: "error" })).outcome).toBe("error");
});
