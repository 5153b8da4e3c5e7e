import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planScenarios } from "../../../../src/harness/plan/plan-scenario.ts";
import { readScenario } from "../../../../src/harness/scenario/load.ts";
import { documentedScenarios, scenarioFormat } from "../../../support/documented-scenarios.ts";

const project = new URL("../../../../", import.meta.url);

test.each(documentedScenarios)("$title of docs/scenario-format.md is a scenario", ({ yaml }) => {
  for (const plan of planScenarios(readScenario("example.yaml", yaml))) expect(plan.steps.length).toBeGreaterThan(0);
});

test("every key of the schema has an example in docs/scenario-format.md, and a line that tells what it says", () => {
  const keys = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("properties" in value && typeof value.properties === "object") for (const key of Object.keys(value.properties ?? {})) keys.add(key);
    Object.values(value).forEach(collect);
  };
  collect(JSON.parse(readFileSync(new URL("schemas/scenario.schema.json", project), "utf8")));
  const yaml = documentedScenarios.map((example) => example.yaml).join("\n");
  const withoutExample = [...keys].filter((key) => !new RegExp(`(?:^|[\\s{,[])${key}:(?:\\s|$)`, "m").test(yaml));
  const untold = [...keys].filter(
    (key) => !scenarioFormat.includes(`\`${key}\``) && !new RegExp(`\`[^\`]*\\b${key}\\b[^\`]*\``).test(scenarioFormat),
  );
  expect({ withoutExample, untold }).toEqual({ withoutExample: [], untold: [] });
});
