import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whyNoDockerd } from "../support/dockerd.ts";
import { documentedScenarios, writeExample } from "../support/documented-scenarios.ts";
import { failuresOf, outcomesOf, runScenarios } from "../support/run-scenarios.ts";

const whyNot = whyNoDockerd();

describe("every example of docs/scenario-format.md does what the page says", () => {
  let folder: string;
  let ours: ReturnType<typeof runScenarios> | null = null;
  const onOurs = (): ReturnType<typeof runScenarios> => (ours ??= runScenarios(folder, "--seed", "1"));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
    for (const [index, example] of documentedScenarios.entries()) writeExample(example, join(folder, String(index + 1)));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("on the embedded engine", async () => {
    const { report, output } = await onOurs();
    expect(failuresOf(report)).toEqual([]);
    // A matrix and parts make several of one.
    expect(new Set(report.scenarios.map(({ name }) => name.replace(/[[/].*$/, ""))).size).toBe(documentedScenarios.length);
    expect(JSON.stringify(report) + output).not.toMatch(/s3cret-token|pw-4711/);
  });

  test.skipIf(whyNot !== null)(`on a real dockerd${whyNot === null ? "" : ` (skipped: ${whyNot})`}`, async () => {
    const { report } = await runScenarios(folder, "--seed", "1", "--engine", "dockerd");
    expect(failuresOf(report)).toEqual([]);
    expect(outcomesOf(report)).toEqual(outcomesOf((await onOurs()).report));
  });
});
