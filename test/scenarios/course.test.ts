import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { whyNoDockerd } from "../support/dockerd.ts";
import { compareScenarios, failuresOf, runScenarios } from "../support/run-scenarios.ts";

const course = join(import.meta.dirname, "../../scenarios");
const whyNot = whyNoDockerd();

describe("the course's scenarios", () => {
  test("pass on the embedded engine", async () => {
    const { report, exitCode } = await runScenarios(course);
    expect(failuresOf(report)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(report.scenarios.length).toBeGreaterThanOrEqual(24);
  });

  test.skipIf(whyNot !== null)(
    `pass on a real dockerd too, with no difference that is not explained${whyNot === null ? "" : ` (skipped: ${whyNot})`}`,
    async () => {
      const explained = join(import.meta.dirname, "explained-differences.yaml");
      const { exitCode, stdout, stderr } = await compareScenarios(course, "embedded,dockerd", explained);
      const { compared, differences } = JSON.parse(stdout) as { compared: number; differences: { explained: string | null }[] };
      expect(differences.filter((difference) => difference.explained === null)).toEqual([]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(compared).toBeGreaterThanOrEqual(24);
    },
    600_000,
  );
});
