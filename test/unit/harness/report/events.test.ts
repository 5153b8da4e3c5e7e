import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventsReporter } from "../../../../src/harness/report/events.ts";
import { planOf } from "../../../support/plan-of.ts";
import { everyOutcome } from "../../../support/report-of.ts";

test("every event is a line that its schema accepts, in the order of the run", async () => {
  let text = "";
  const reporter = eventsReporter({ write: (line) => void (text += line) }, () => new Date("2026-01-02T03:04:05.678Z"));
  const plan = planOf("a");
  const [step] = plan.steps;
  if (step === undefined) throw new Error("a plan has a step");
  const report = everyOutcome();
  reporter.onRunStart?.({ slipwayVersion: "0", plans: [plan], repeat: 1, jobs: 1, seed: 1 });
  reporter.onScenarioStart?.(plan);
  reporter.onStepStart?.(plan, step);
  reporter.onStepEnd?.(plan, { step, status: "skipped", because: "x" });
  for (const result of report.scenarios) reporter.onScenarioEnd?.(result);
  await reporter.onRunEnd?.(report);
  const lines = text.trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line) as { event: string });
  expect(events.map(({ event }) => event)).toEqual([
    "run-start",
    "scenario-start",
    "step-start",
    "step-end",
    ...report.scenarios.map(() => "scenario-end"),
    "run-end",
  ]);
  const schema = JSON.parse(readFileSync("schemas/event.schema.json", "utf8")) as object;
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  for (const event of events) {
    validate(event);
    expect(validate.errors).toBeNull();
  }
});
