import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentedScenarios } from "../support/documented-scenarios.ts";
import { failuresOf, runScenarios } from "../support/run-scenarios.ts";

test("every example of docs/scenario-format.md does what the page says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  try {
    for (const [index, { yaml }] of documentedScenarios.entries()) await writeFile(join(folder, `${index + 1}.yaml`), yaml);
    const { report } = await runScenarios(folder);
    expect(failuresOf(report)).toEqual([]);
    expect(report.scenarios).toHaveLength(documentedScenarios.length);
  } finally {
    await rm(folder, { recursive: true });
  }
});
