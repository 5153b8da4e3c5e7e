import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { ctrfDocument } from "../../../../src/harness/report/ctrf.ts";
import { ctrfSchema } from "../../../support/ctrf-schema.ts";
import { everyOutcome } from "../../../support/report-of.ts";

test("a CTRF document is as its schema has it, and its counts are those of its tests", () => {
  const document = JSON.parse(JSON.stringify(ctrfDocument(everyOutcome(), "en"))) as {
    results: { summary: Record<string, number>; tests: { status: string; name: string; retryAttempts?: object[] }[] };
  };
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(ctrfSchema);
  validate(document);
  expect(validate.errors).toBeNull();
  const { summary, tests } = document.results;
  expect(summary).toMatchObject({ tests: 9, passed: 4, failed: 1, skipped: 3, pending: 0, other: 1, flaky: 1, suites: 2 });
  expect(tests.map(({ name }) => name).at(-1)).toBe("again (2/2)");
  expect(tests[2]?.retryAttempts).toMatchObject([
    { attempt: 1, status: "failed" },
    { attempt: 2, status: "passed" },
  ]);
  // eslint-disable-next-line no-control-regex
  expect(JSON.stringify(tests)).not.toMatch(/\\u00(?:0[0-8bcef]|1)|[\ud800-\udfff](?![\udc00-\udfff])/);
});
