import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSchedule, type ScheduleOptions } from "../../../src/harness/cli/schedule.ts";
import type { Plan } from "../../../src/harness/plan/plan.ts";
import { planScenario } from "../../../src/harness/plan/plan-scenario.ts";
import { multiplex } from "../../../src/harness/report/multiplexer.ts";
import type { ScenarioResult } from "../../../src/harness/report/report.ts";
import { readScenario } from "../../../src/harness/scenario/load.ts";
import { PlainTarget } from "../../support/plain-target.ts";

let folder: string;
let target: PlainTarget;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-test-schedule-"));
  target = new PlainTarget();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const plan = (name: string, ...commands: string[]): Plan =>
  planScenario(
    readScenario(`${name}.yaml`, `name: ${name}\nenv: { DIR: ${folder} }\nsteps: ${JSON.stringify(commands.map((run) => ({ run })))}\n`),
  );

async function schedule(plans: readonly Plan[], more: Partial<ScheduleOptions> = {}): Promise<readonly ScenarioResult[]> {
  const results = await runSchedule(
    plans,
    target,
    multiplex([], () => undefined),
    {
      engine: "embedded",
      jobs: 1,
      repeat: 1,
      retries: 0,
      maxFailures: null,
      slowMs: 60_000,
      keep: false,
      signal: new AbortController().signal,
      stderr: () => undefined,
      reproduce: ({ name }) => `slipway run ${name}`,
      ...more,
    },
  );
  expect(target.openNow).toBe(0);
  expect(target.closed).toBe(true);
  return results;
}
const outcomes = (results: readonly ScenarioResult[]): readonly string[] => results.map(({ name, outcome }) => `${name} ${outcome}`);

test("what passes at the second try is flaky and says what the first came to; what never passes has all its tries", async () => {
  const once = 'echo x >> "$DIR/tries"; test "$(wc -l < "$DIR/tries")" -ge 2';
  const [flaky, failed, steady] = await schedule([plan("flaky", once), plan("failed", "false"), plan("steady", "true")], { retries: 2 });
  expect(flaky).toMatchObject({ outcome: "pass", flaky: true, reproduce: "slipway run flaky" });
  expect(flaky?.earlier.map(({ outcome, checks }) => [outcome, checks[0]?.problems[0]?.rationale])).toEqual([
    ["fail", "exit code is 1, not 0"],
  ]);
  expect(failed).toMatchObject({ outcome: "fail", flaky: false });
  expect(failed?.earlier).toHaveLength(2);
  expect(steady).toMatchObject({ outcome: "pass", flaky: false, earlier: [] });
  expect(target.opened).toBe(2 + 3 + 1);
});

test("--repeat runs each as often, each in a root of its own", async () => {
  const results = await schedule([plan("a", 'echo $PWD >> "$DIR/a"'), plan("b", "true")], { repeat: 3, jobs: 2 });
  expect(results.map(({ name, repetition }) => `${name} ${repetition?.index}/${repetition?.count}`)).toEqual([
    "a 1/3",
    "a 2/3",
    "a 3/3",
    "b 1/3",
    "b 2/3",
    "b 3/3",
  ]);
  expect(new Set(readFileSync(join(folder, "a"), "utf8").trim().split("\n")).size).toBe(3);
});

test("after so many failures no more are started, and those that were not say why", async () => {
  const plans = [plan("a", "false"), plan("b", "true"), plan("c", "false"), plan("d", "true")];
  const results = await schedule(plans, { maxFailures: 2 });
  expect(outcomes(results)).toEqual(["a fail", "b pass", "c fail", "d skip"]);
  expect(results[3]?.reason).toBe("2 scenarios did not pass before");
});

test("a root that cannot be opened is an error of that scenario alone", async () => {
  target.onOpen = (root) => {
    if (root === 1) throw new Error("no room");
  };
  const results = await schedule([plan("a", "true"), plan("b", "true")]);
  expect(outcomes(results)).toEqual(["a error", "b pass"]);
  expect(results[0]?.error?.message).toContain("no room");
});

test("an engine that dies while a step runs is an error, which a retry makes good", async () => {
  const waits = plan("a", 'test -e "$DIR/again" && exit; touch "$DIR/again"; sleep 30');
  const running = schedule([waits, plan("b", "true")], { retries: 1 });
  await expect.poll(() => target.opened > 0 && readFileSync(join(folder, "again"), "utf8")).toBe("");
  target.deaths[0]?.();
  const results = await running;
  expect(outcomes(results)).toEqual(["a pass", "b pass"]);
  expect(results[0]?.flaky).toBe(true);
  expect(results[0]?.earlier[0]).toMatchObject({ outcome: "error", error: { message: "the engine ended: it was killed" } });
});

test("a process that a step leaves running is a leak: a failure of its own kind, with all points kept", async () => {
  const [result] = await schedule([
    plan("leaks", "setsid sleep 60 >/dev/null 2>&1 & until grep -q sleep /proc/$!/comm; do sleep 0.05; done"),
  ]);
  expect(result).toMatchObject({ outcome: "fail", points: 1, maxPoints: 1 });
  const [step, leak] = result?.checks ?? [];
  expect(step?.outcome).toBe("pass");
  expect(leak).toMatchObject({ type: "leak", id: "leak/processes", outcome: "fail" });
  expect(leak?.problems[0]).toMatchObject({ rationale: "its steps left a process running", actual: "sleep 60" });
});

test("what an engine leaves on the host is ours: an error", async () => {
  target.leftovers = ["the mount /tmp/x/merged"];
  const [result] = await schedule([plan("a", "true")]);
  expect(result).toMatchObject({ outcome: "error", points: 1 });
  expect(result?.checks[1]).toMatchObject({ type: "leak", error: { message: "the engine left behind the mount /tmp/x/merged" } });
});

test("what took longer than the limit is marked as slow", async () => {
  const results = await schedule([plan("slow", "sleep 0.05")], { slowMs: 20 });
  expect(results.map(({ slow }) => slow)).toEqual([true]);
});
