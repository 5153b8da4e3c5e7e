import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planScenario } from "../../../../src/harness/plan/plan-scenario.ts";
import { readScenario } from "../../../../src/harness/scenario/load.ts";

const project = new URL("../../../../", import.meta.url);
const text = readFileSync(new URL("docs/scenario-format.md", project), "utf8");
const examples = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match, index) => ({
  name: `example ${index + 1}, line ${text.slice(0, match.index).split("\n").length}`,
  // Beginnings that every scenario has are left out in the page.
  yaml: /^name:/m.test(match[1] ?? "") ? (match[1] ?? "") : `name: example-${index + 1}\n${match[1] ?? ""}`,
}));

test.each(examples)("$name of docs/scenario-format.md is a scenario", ({ yaml }) => {
  expect(planScenario(readScenario("example.yaml", yaml)).steps.length).toBeGreaterThan(0);
});

test("every key of the schema has an example in docs/scenario-format.md, and a line that tells what it says", () => {
  const keys = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("properties" in value && typeof value.properties === "object") for (const key of Object.keys(value.properties ?? {})) keys.add(key);
    Object.values(value).forEach(collect);
  };
  collect(JSON.parse(readFileSync(new URL("schemas/scenario.schema.json", project), "utf8")));
  const yaml = examples.map((example) => example.yaml).join("\n");
  const withoutExample = [...keys].filter((key) => !new RegExp(`(?:^|[\\s{,[])${key}:(?:\\s|$)`, "m").test(yaml));
  const untold = [...keys].filter((key) => !text.includes(`\`${key}\``) && !new RegExp(`\`[^\`]*\\b${key}\\b[^\`]*\``).test(text));
  expect({ withoutExample, untold }).toEqual({ withoutExample: [], untold: [] });
});
