import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { planScenario, planScenarios } from "../../../../src/harness/plan/plan-scenario.ts";
import { loadScenario } from "../../../../src/harness/scenario/load.ts";
import { formatProblem, ScenarioError } from "../../../../src/harness/scenario/scenario-error.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-test-shared-")));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const plan = async (path: string) => planScenario(await loadScenario(join(folder, path)));
async function problemsOf(path: string): Promise<readonly string[]> {
  try {
    await loadScenario(join(folder, path));
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map((one) => formatProblem(one).replaceAll(folder, "."));
    throw error;
  }
  return [];
}

test("a suite's variables stand below those of setups, and these below the scenario's own", async () => {
  write("suite.yaml", "env: { A: suite, B: suite, C: suite }\nvars: { D: suite }\ntags: [course]\ntimeout: 5s\nimages: [busybox]\n");
  write(
    "parts/lab.setup.yaml",
    "vars: { B: setup, C: setup }\nenv: { D: setup }\nimages: [busybox, other]\nsteps: [{ run: echo setup }]\n",
  );
  write("one/a.yaml", 'name: a\ntags: [own]\ninclude: [../parts/lab.setup.yaml]\nenv: { C: own }\nsteps: [{ run: "true" }]\n');
  const { env, tags, timeoutMs, images, steps, files, points } = await plan("one/a.yaml");
  expect(env).toEqual({ A: "suite", B: "setup", C: "own", D: "setup" });
  expect({ tags, timeoutMs, images }).toEqual({ tags: ["course", "own"], timeoutMs: 5000, images: ["busybox", "other"] });
  expect(steps.map(({ location }) => `${location.file.replace(folder, "")}:${location.line}`)).toEqual([
    "/parts/lab.setup.yaml:4",
    "/one/a.yaml:5",
  ]);
  expect(files).toEqual(["one/a.yaml", "suite.yaml", "parts/lab.setup.yaml"].map((path) => join(folder, path)));
  // What a setup does by itself earns nothing.
  expect(points).toEqual({ numerator: 1n, denominator: 1n });
});

test("a setup may include setups, each is done once, and its fixtures lie beside it", async () => {
  write(
    "lib/base.setup.yaml",
    "fixtures: { note: base }\nsteps: [{ write: { path: base, fixture: note } }, { write: { path: beside, fixture: data.txt } }]\n",
  );
  write("lib/data.txt", "beside");
  write("lib/more.setup.yaml", "include: [base.setup.yaml]\nsteps: [{ name: more, run: cat base }]\ncleanup: [echo more]\n");
  write("suite.yaml", "title: all\n");
  write("a.yaml", 'name: a\ninclude: [lib/more.setup.yaml, lib/base.setup.yaml]\nsteps: [{ run: "true" }]\ncleanup: [echo own]\n');
  const { steps, cleanup } = await plan("a.yaml");
  expect(steps.map(({ action }) => action)).toMatchObject([
    { kind: "write", path: "base", content: "base" },
    { kind: "fixture", path: "beside", source: join(folder, "lib/data.txt") },
    { kind: "command", command: "cat base" },
    { kind: "command", command: "true" },
  ]);
  expect(cleanup).toEqual(["echo own", "echo more"]);
});

test("setups come once before parts, whose captures a part that needs another knows", async () => {
  write("s.setup.yaml", "steps: [{ run: echo 1, capture: { one: stdout } }]\n");
  write(
    "a.yaml",
    `name: a
include: [s.setup.yaml]
parts:
  - { name: p, steps: [{ run: "echo \${one}", capture: { two: stdout } }] }
  - { name: q, needs: p, steps: [{ run: "true", expect: { stdout: "\${one}\${two}" } }] }
  - { name: r, steps: [{ run: "true", expect: { stdout: "\${one}" } }] }
`,
  );
  const plans = planScenarios(await loadScenario(join(folder, "a.yaml")));
  expect(plans.map(({ name, steps, needs }) => [name, steps.length, needs?.name ?? null])).toEqual([
    ["a/p", 2, null],
    ["a/q", 1, "a/p"],
    ["a/r", 2, null],
  ]);
});

test("what is wrong in a shared file is told with its own place", async () => {
  write("suite.yaml", "vras: {}\n");
  write("x.setup.yaml", "env: { A: \"${NONE}\" }\nsteps:\n  - run: echo\n    expect: { points: 1, stdout: { matches: '(' } }\n");
  write("y.setup.yaml", "steps: [{ rum: x }]\n");
  write("a.yaml", "name: a\ninclude: [x.setup.yaml, y.setup.yaml]\nsteps: [{ run: x }]\n");
  expect(await problemsOf("a.yaml")).toEqual([
    './suite.yaml:1:1 vras: unknown key "vras"; did you mean vars?',
    './y.setup.yaml:1:11 steps/0/rum: unknown key "rum"; did you mean run?',
  ]);
  write("suite.yaml", "env: {}\n");
  write("a.yaml", "name: a\ninclude: [x.setup.yaml]\nsteps: [{ run: x }]\n");
  expect(await problemsOf("a.yaml")).toEqual([
    "./x.setup.yaml:1:11 env/A: nothing sets the variable NONE ($${ stands for ${ itself)",
    "./x.setup.yaml:4:15 steps/0/expect/points: what setups expect earns no points",
    "./x.setup.yaml:4:45 steps/0/expect/stdout/matches: is no regular expression: /(/mu: Unterminated group",
  ]);
});

test("no include leads out of the suite, round in a circle, to what is no setup, or further than anybody means", async () => {
  write("secret.setup.yaml", "env: { A: secret }\n");
  write("suite/suite.yaml", "title: s\n");
  symlinkSync(join(folder, "secret.setup.yaml"), join(folder, "suite/link.setup.yaml"));
  write("suite/self.setup.yaml", "include: [other.setup.yaml]\n");
  write("suite/other.setup.yaml", "include: [self.setup.yaml]\n");
  mkdirSync(join(folder, "suite/folder.setup.yaml"));
  symlinkSync("/dev/zero", join(folder, "suite/zero.setup.yaml"));
  for (let n = 0; n < 30; n++) write(`suite/n${n}.setup.yaml`, `include: [n${n + 1}.setup.yaml]\n`);
  write("suite/big.setup.yaml", `# ${"x".repeat(1024 * 1024)}\n`);
  const include = (...paths: string[]): void => write("suite/one/a.yaml", `name: a\ninclude: [${paths.join(", ")}]\nsteps: [{ run: x }]\n`);
  const told = async (...paths: string[]): Promise<readonly string[]> => {
    include(...paths);
    return (await problemsOf("suite/one/a.yaml")).map((line) => line.replace(/^\.\/suite\//, ""));
  };
  expect(await told("../../secret.setup.yaml", "../link.setup.yaml", "../none.setup.yaml", "../zero.setup.yaml")).toEqual([
    "one/a.yaml:2:11 include/0: leads out of the suite, the folder ./suite",
    "one/a.yaml:2:36 include/1: leads out of the suite, the folder ./suite",
    "one/a.yaml:2:56 include/2: there is no such file",
    "one/a.yaml:2:76 include/3: leads out of the suite, the folder ./suite",
  ]);
  expect(await told("../self.setup.yaml", "../folder.setup.yaml")).toEqual([
    "other.setup.yaml:1:11 include/0: is included by itself, through other.setup.yaml",
    "one/a.yaml:2:31 include/1: is no file",
  ]);
  expect(await told("../n0.setup.yaml")).toEqual([
    "n19.setup.yaml:1:11 include/0: is nested too deeply; at most 20 setups include one another",
  ]);
  expect(await told("../big.setup.yaml")).toEqual(["big.setup.yaml:1:1 is 1048577 bytes long; at most 1048576 are read"]);
  expect(await told("/etc/x.setup.yaml", "../one/b.yaml")).toEqual([
    "one/a.yaml:2:11 include/0: must be a path from this file to a setup, a file named NAME.setup.yaml",
    "one/a.yaml:2:30 include/1: must be a path from this file to a setup, a file named NAME.setup.yaml",
  ]);
});

test("a suite's file where everybody may write is nobody's, and shared files are no scenarios", async () => {
  write("open/suite.yaml", "env: { A: mallory }\n");
  write("open/one/a.yaml", 'name: a\nsteps: [{ run: "true" }]\n');
  chmodSync(join(folder, "open"), 0o1777);
  expect((await plan("open/one/a.yaml")).env).toEqual({});
  expect(await problemsOf("open/suite.yaml")).toEqual([
    "./open/suite.yaml:1:1 is what scenarios share: a suite's file or a setup is no scenario itself",
  ]);
});
