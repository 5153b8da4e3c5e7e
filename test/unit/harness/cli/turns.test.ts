import { expect, test } from "vitest";
import { Turns } from "../../../../src/harness/cli/turns.ts";
import type { Plan } from "../../../../src/harness/plan/plan.ts";
import { planScenario } from "../../../../src/harness/plan/plan-scenario.ts";
import { readScenario } from "../../../../src/harness/scenario/load.ts";

const plan = (name: string, steps: number, needs: Plan | null = null): Plan => ({
  ...planScenario(
    readScenario(`${name}.yaml`, `name: ${name}\nsteps: ${JSON.stringify(Array.from({ length: steps }, () => ({ run: "true" })))}\n`),
  ),
  needs,
});

/** The names in the order in which `workers`, each done before the next one asks, are given their turns. */
async function order(plans: readonly Plan[], workers: number): Promise<readonly string[]> {
  const turns = new Turns(plans, { repeat: 1, copies: true, workers });
  const names: string[] = [];
  for (let turn = await turns.next(); turn !== null; turn = await turns.next()) {
    names.push(turn.plan.name);
    await turns.end(turn, { passed: true, frozen: null, leaves: { variables: {}, secretNames: [], events: [] } });
  }
  return names;
}

test("turns are taken in order, but a long one no later than when the rest would be done before it", async () => {
  const plans = [plan("a", 3), plan("b", 3), plan("c", 3), plan("d", 3), plan("long", 6)];
  expect(await order(plans, 2)).toEqual(["a", "b", "long", "c", "d"]);
  expect(await order(plans, 3)).toEqual(["long", "a", "b", "c", "d"]);
  expect(await order(plans, 1)).toEqual(["a", "b", "c", "d", "long"]);
});

test("what others go on from counts as long as they and it", async () => {
  const base = plan("base", 1);
  const plans = [plan("a", 2), plan("b", 2), base, plan("after", 4, base)];
  expect(await order(plans, 2)).toEqual(["base", "after", "a", "b"]);
});
