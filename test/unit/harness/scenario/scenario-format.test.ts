import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { planScenarios } from "../../../../src/harness/plan/plan-scenario.ts";
import { loadScenario } from "../../../../src/harness/scenario/load.ts";
import { documentedScenarios, scenarioFormat, writeExample } from "../../../support/documented-scenarios.ts";
import { schemaKeys, usedKeys } from "../../../support/schema-keys.ts";

const schema = JSON.parse(readFileSync(new URL("../../../../schemas/scenario.schema.json", import.meta.url), "utf8")) as Record<
  string,
  unknown
>;

test.each(documentedScenarios)("$title of docs/scenario-format.md is a scenario", async (example) => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-example-"));
  try {
    for (const plan of planScenarios(await loadScenario(writeExample(example, folder)))) expect(plan.steps.length).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** test/scenarios/documented-examples.test.ts runs them. */
test("every key of the schema, at each place where it may stand, is used by an example of docs/scenario-format.md", () => {
  const used = new Set<string>();
  for (const { yaml, beside } of documentedScenarios) {
    for (const key of usedKeys(schema, parse(yaml), null)) used.add(key);
    for (const [file, text] of Object.entries(beside)) {
      for (const key of usedKeys(schema, parse(text), file.endsWith(".setup.yaml") ? "setup" : "suite")) used.add(key);
    }
  }
  expect([...schemaKeys(schema)].filter((key) => !used.has(key))).toEqual([]);
});

test("every key of the schema has a line in docs/scenario-format.md that tells what it says", () => {
  const keys = [...schemaKeys(schema)].map((key) => key.slice(key.lastIndexOf(".") + 1));
  expect(
    keys.filter((key) => !scenarioFormat.includes(`\`${key}\``) && !new RegExp(`\`[^\`]*\\b${key}\\b[^\`]*\``).test(scenarioFormat)),
  ).toEqual([]);
});
