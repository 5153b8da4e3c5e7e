import { planScenario } from "../../src/harness/plan/plan-scenario.ts";
import type { Plan } from "../../src/harness/plan/plan.ts";
import { readScenario } from "../../src/harness/scenario/load.ts";

/** The plan of a scenario with one step that passes, and `more` in its YAML. */
export function planOf(name: string, more = "", file = `${name}.yaml`): Plan {
  return planScenario(readScenario(file, `name: ${name}\n${more}steps: [{ run: "true" }]\n`));
}
