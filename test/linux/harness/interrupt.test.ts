import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Report } from "../../../src/harness/report/report.ts";
import { signalOne } from "../../../src/harness/targets/process-group.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { junitProblems } from "../../support/junit-rules.ts";
import { RunPlace, until } from "../../support/slipway-run.ts";
import { TestTerminal } from "../../support/terminal.ts";
import { parseXml } from "../../support/xml.ts";

const slipway = join(import.meta.dirname, "../../../dist/bin/slipway.js");
const LONG = "docker run -d busybox sleep 1000; touch started; sleep 1000";

/** A place with a scenario that passes, two that last, and one whose turn does not come. */
function longPlace(): RunPlace {
  const place = new RunPlace();
  place.scenario("a-done", `steps:\n  - run: "true"\n`);
  for (const name of ["b-long", "c-long"]) place.scenario(name, `images: [busybox]\nsteps:\n  - run: ${LONG}\n`);
  place.scenario("d-never", `steps:\n  - run: "true"\n`);
  return place;
}

/** Waits until so many scenarios are in their long step. */
async function underWay(place: RunPlace, count: number, said: () => string): Promise<void> {
  const isStarted = (name: string): boolean => existsSync(join(place.directory, name, "root/tmp/work/started"));
  await until(() => place.workspaces().filter(isStarted).length === count, said);
}

async function nothingLeft(place: RunPlace): Promise<void> {
  const left = (): readonly string[] => [...place.workspaces(), ...place.processes(), ...place.mounts()];
  await until(
    () => left().length === 0,
    () => left().join("\n"),
  );
}

function reportIn(place: RunPlace): Report {
  return JSON.parse(readFileSync(join(place.directory, "reports/report.json"), "utf8")) as Report;
}

/** At a terminal, as a person starts it. */
function atTerminal(place: RunPlace, ...argv: readonly string[]): TestTerminal {
  const env = { ...process.env, TMPDIR: place.directory, TERM: "xterm", NO_COLOR: "1", CI: "", LANG: "C.UTF-8", LC_ALL: "" };
  return new TestTerminal([process.execPath, slipway, ...argv], { size: { rows: 24, columns: 100 }, cwd: place.directory, env });
}

describe.skipIf(!isBuilt || !hasNamespaces)("interruptions (need a build, and user namespaces)", () => {
  test.for(["SIGINT", "SIGTERM"] as const)("%s: reports say what was not run, and nothing is left", async (signal) => {
    using place = longPlace();
    const { child, ended, output } = place.start("--jobs", "2", "--reporter", "tap");
    await underWay(place, 2, () => output.stderr);
    child.kill(signal);
    expect(await ended).toBe(130);
    expect(place.workspaces()).toEqual([]);
    await nothingLeft(place);
    const { outcome, totals, scenarios } = reportIn(place);
    expect(outcome).toBe("interrupted");
    expect(totals).toMatchObject({ scenarios: 4, passed: 1, failed: 0, errors: 0, skipped: 0, interrupted: 3, points: 1, maxPoints: 1 });
    expect(scenarios.map(({ name, reason }) => [name, reason])).toEqual([
      ["a-done", null],
      ["b-long", "the run was broken off while it ran"],
      ["c-long", "the run was broken off while it ran"],
      ["d-never", "the run was broken off before its turn came"],
    ]);
    expect(output.stdout).toMatch(/✓ a-done[\s\S]*■ b-long[\s\S]*interrupted · 1 passed, 0 failed, 0 skipped, 3 not run/);
    expect(output.stdout).not.toContain("d-never");
    const junit = parseXml(readFileSync(join(place.directory, "reports/junit.xml"), "utf8"));
    expect(junitProblems(junit)).toEqual([]);
    const tap = readFileSync(join(place.directory, "reports/report.tap"), "utf8");
    expect(tap).toContain("ok 4 - d-never # SKIP the run was broken off before its turn came");
    expect(tap).toMatch(/\nBail out! interrupted\n$/);
  });

  test("a second Ctrl-C ends at once, and a moment later nothing is left either", async () => {
    using place = longPlace();
    const { child, ended, output } = place.start("--jobs", "2");
    await underWay(place, 2, () => output.stderr);
    // Cleaning up waits for these.
    const keepers = place.processes().flatMap((line) => /^(\d+) slipway keeper /.exec(line)?.slice(1).map(Number) ?? []);
    expect(keepers.length).toBeGreaterThan(0);
    for (const keeper of keepers) process.kill(keeper, "SIGSTOP");
    child.kill("SIGINT");
    const again = setInterval(() => child.kill("SIGTERM"), 50);
    expect(await ended.finally(() => clearInterval(again))).toBe(130);
    expect(existsSync(join(place.directory, "reports/report.json"))).toBe(false);
    for (const keeper of keepers) signalOne(keeper, "SIGCONT");
    await nothingLeft(place);
  });

  test("a terminal that goes away interrupts a watched run as a signal does, and ends a shell", async () => {
    using place = longPlace();
    const files = ["a-done", "b-long", "c-long", "d-never"].map((name) => `${name}.yaml`);
    using terminal = atTerminal(place, "run", ...files, "--watch", "--jobs", "2", "--reporter", "console,json", "--output", "reports");
    await underWay(place, 2, () => terminal.raw);
    terminal.hangUp();
    await nothingLeft(place);
    expect(reportIn(place).totals).toMatchObject({ passed: 1, interrupted: 3 });
    using shell = atTerminal(place, "shell");
    await shell.see((screen) => screen.includes("slipway /tmp/work #"));
    shell.type("docker run -d busybox sleep 1000; touch started\r");
    await underWay(place, 1, () => shell.raw);
    shell.hangUp();
    await nothingLeft(place);
  });

  test("a reader that goes away interrupts a run: what it began is cleaned up, and reported on", async () => {
    using place = longPlace();
    const { child, ended } = place.start("--jobs", "1", "--verbose");
    child.stdout.destroy();
    expect(await ended).toBe(130);
    await nothingLeft(place);
    expect(reportIn(place)).toMatchObject({ outcome: "interrupted", totals: { passed: 1, failed: 0 } });
  });

  test("a grader that is broken off keeps what was graded, and says how to go on", async () => {
    using place = new RunPlace();
    const at = (path: string): string => join(place.directory, path);
    for (const folder of ["ex/solution", "subs/ada", "subs/bob", "subs/eve"]) mkdirSync(at(folder), { recursive: true });
    writeFileSync(
      at("ex/exercise.yaml"),
      "title: One\nhandIn: { files: [{ path: go.sh }] }\npoints: 1\nscenarios: [{ file: go.yaml, points: 1 }]\n",
    );
    writeFileSync(at("ex/go.yaml"), "name: go\nsteps:\n  - run: sh go.sh\n");
    writeFileSync(at("ex/solution/go.sh"), "true\n");
    for (const name of ["ada", "bob", "eve"]) writeFileSync(at(`subs/${name}/go.sh`), name === "ada" ? "true\n" : "sleep 1000\n");
    const { child, ended, output } = place.startCommand("grade", "ex", "--submissions", "subs", "--out", "grades", "--jobs", "1");
    await until(
      () => output.stdout.includes("1/3"),
      () => output.stdout + output.stderr,
    );
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(output.stderr).toContain("interrupted; 1 of 3 are graded, --resume goes on");
    expect(place.workspaces()).toEqual([]);
    await nothingLeft(place);
    expect(existsSync(at("grades/results/ada.json"))).toBe(true);
  });
});
