import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { whyNoDockerd } from "../support/dockerd.ts";
import { failuresOf, outcomesOf, runScenarios } from "../support/run-scenarios.ts";

const course = join(import.meta.dirname, "../../scenarios");
const whyNot = whyNoDockerd();

describe("the course's scenarios", () => {
  let ours: ReturnType<typeof runScenarios> | null = null;
  const onOurs = (): ReturnType<typeof runScenarios> => (ours ??= runScenarios(course));

  test("pass on the embedded engine", async () => {
    const { report, exitCode } = await onOurs();
    expect(failuresOf(report)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(report.scenarios.length).toBeGreaterThanOrEqual(22);
  });

  test.skipIf(whyNot !== null)(`have the same verdicts on a real dockerd${whyNot === null ? "" : ` (skipped: ${whyNot})`}`, async () => {
    const real = await runScenarios(course, "--engine", "dockerd");
    expect(failuresOf(real.report)).toEqual([]);
    expect(outcomesOf(real.report)).toEqual(outcomesOf((await onOurs()).report));
  });
});
