import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { differences, readExplanations } from "../../../../../src/harness/cli/compare/differences.ts";
import { normalise } from "../../../../../src/harness/cli/compare/normalise.ts";
import { observedRun, speaksOf } from "../../../../../src/harness/cli/compare/observed-run.ts";
import type { PlanRun } from "../../../../../src/harness/run/events.ts";
import { planOf } from "../../../../support/plan-of.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-test-compare-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const plan = planOf("a", "images: [busybox]\nenv: { NAME: web }\n");
function seen(stdout: string, state: object, drawnNames: readonly string[] = []) {
  const [step] = plan.steps;
  if (step === undefined) throw new Error("a plan has a step");
  const outcome = { exitCode: 0, stdout, stderr: "", timedOut: false, timeoutMs: 1, dialogue: null, durationMs: 1 };
  const run: PlanRun = {
    plan,
    startedAt: new Date(0),
    durationMs: 1,
    steps: [{ step, status: "done", startedAt: new Date(0), outcome, missing: [] }],
    observed: [],
    secrets: [],
    leaves: { variables: {}, secretNames: [], events: [] },
    error: null,
  };
  return observedRun(run, { drawnNames, state }, "/tmp/work");
}
const id = (digit: string): string => digit.repeat(64);

test("ids, times, addresses and names that an engine drew are no difference; what a program printed is, and so is state that nobody asked for", () => {
  const one = seen(`${id("a")}\n2026-01-02T03:04:05.678Z wise_fox at 172.17.0.2\n`, { container: { web: { ExitCode: 0, Labels: {} } } }, [
    "wise_fox",
  ]);
  const other = seen(`${id("b")}\n2026-01-02T03:04:06Z old_owl at 172.18.0.3\n`, { container: { web: { ExitCode: 1 } }, volumes: [] }, [
    "old_owl",
  ]);
  expect(differences("a", one, other, [])).toEqual([
    { scenario: "a", where: "container web ExitCode", first: "0", second: "1", explained: null },
  ]);
  expect(differences("a", seen("x", {}), seen("y", {}), []).map(({ where }) => where)).toEqual(["step-1 stdout"]);
});

test("an explanation holds for the whole of a place, in the scenarios it names", () => {
  const file = join(folder, "explained.yaml");
  writeFileSync(file, "- { scenario: 'a|b', where: 'step-\\d+ stdout', because: rounding }\n");
  const explanations = readExplanations(file);
  const of = (scenario: string) => differences(scenario, seen("x", {}), seen("y", {}), explanations)[0]?.explained;
  expect([of("a"), of("ab")]).toEqual(["rounding", null]);
  for (const [text, message] of [
    ["a: 1\n", "must be a list"],
    ["- { scenario: a, where: b }\n", "item 1 must have the texts"],
    ["- { scenario: '(', where: b, because: c }\n", "item 1: Invalid regular expression"],
    ["[", "explained.yaml: "],
  ] as const) {
    writeFileSync(file, text);
    expect(() => readExplanations(file)).toThrow(message);
  }
});

test("a scenario speaks of the names in its commands, expectations, images and variables", () => {
  const ours = speaksOf(plan);
  expect(["web", "busybox", "wise_fox"].map(ours)).toEqual([true, true, false]);
});

test("words and numbers that only look like ids stay", () => {
  expect(normalise("deadbeef 123456789012 exit 137 /tmp/work/a\r\n", { drawn: [], workdir: "/tmp/work" })).toBe(
    "deadbeef 123456789012 exit 137 <workdir>/a\n",
  );
});
