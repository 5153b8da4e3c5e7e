import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { junitProblems } from "../../support/junit-rules.ts";
import { RunPlace, until } from "../../support/slipway-run.ts";
import { parseXml } from "../../support/xml.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

const project = join(import.meta.dirname, "../../..");

describe.skipIf(!isBuilt || !hasNamespaces)("slipway run on the embedded engine (needs a build, and user namespaces)", () => {
  test("a scenario passes, its points are given, reports are written, and nothing is left", async () => {
    using place = new RunPlace();
    place.scenario(
      "good",
      `title: { en: Good, zh: 好 }
images: [busybox]
points: 5
env: { GREETING: hello }
steps:
  - write: { path: sub/note.txt, content: "one\\ntwo\\n", mode: "0600" }
  - run: cat note.txt; echo "$GREETING"; stat -c %a note.txt
    cwd: sub
    expect: { stdout: "one\\ntwo\\nhello\\n600" }
  - run: docker tag busybox mine:1 && docker images -q mine
    capture: { ID: stdout }
  - run: echo "$ID" | cat
    expect: { stdout: "\${ID}" }
expect:
  images: { "mine:1": present, "other:1": absent }
  files: [{ path: sub/note.txt, content: { contains: two } }]
`,
    );
    const { exitCode, stdout, stderr, report } = await place.run();
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^✓ good {2}Good {2}[\d.]+ s · 5\/5\n\nengine: embedded [\d.]+, namespaces\n1 passed, 0 failed, 0 skipped · points 5\/5 · [\d.]+ s\n$/,
    );
    expect(exitCode).toBe(0);
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync(join(project, "schemas/report.schema.json"), "utf8")) as object,
    );
    validate(report);
    expect(validate.errors).toBeNull();
    expect(junitProblems(parseXml(readFileSync(join(place.directory, "reports/junit.xml"), "utf8")))).toEqual([]);
    expect(place.workspaces()).toEqual([]);
    expect(place.processes()).toEqual([]);
    expect(place.mounts()).toEqual([]);
  });

  test("what a container is given by -v is what the scenario sees there, not what the host has", async () => {
    using place = new RunPlace();
    const folder = join(place.directory, "given");
    mkdirSync(folder);
    writeFileSync(join(folder, "file"), "the host's\n");
    place.scenario(
      "bind",
      `images: [busybox]
steps:
  - run: ls -d ${folder}
    expect: { exitCode: 2 }
  - run: mkdir -p ${folder} && echo "the scenario's" > ${folder}/file && docker run --rm -v ${folder}:/given busybox sh -c 'cat /given/*; echo more > /given/made'
    expect: { stdout: "the scenario's" }
  - run: cat ${folder}/made
    expect: { stdout: more }
`,
    );
    const { stdout } = await place.run();
    expect(stdout).toContain("1 passed, 0 failed");
    expect([readdirSync(folder), readFileSync(join(folder, "file"), "utf8")]).toEqual([["file"], "the host's\n"]);
  });

  test("what fails is told apart, partial points stay, and the next steps still run", async () => {
    using place = new RunPlace();
    place.scenario(
      "bad",
      `points: 3
steps:
  - run: "false"
  - run: echo out; echo err >&2; exit 4
    expect: { exitCode: 4, stdout: out, stderr: wrong }
  - run: (sleep 1000 &) ; setsid sleep 1000 & sleep 1000
    timeout: 300ms
`,
    );
    const { exitCode, stdout, report } = await place.run();
    expect(exitCode).toBe(1);
    const [result] = report.scenarios;
    expect(result?.checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      "step-1 fail",
      "step-2 pass",
      "step-2/exitCode pass",
      "step-2/stdout pass",
      "step-2/stderr fail",
      "step-3 fail",
    ]);
    expect(result).toMatchObject({ outcome: "fail", points: 2, maxPoints: 3 });
    expect(result?.checks[5]?.problems[0]?.rationale).toBe("it did not end within 300 ms");
    expect(stdout).toContain("bad.yaml:6:41");
    expect(place.processes()).toEqual([]);
  });

  test("a terminal is a real one: keys, size, and a dialogue that breaks off shows what was there", async () => {
    using place = new RunPlace();
    place.scenario(
      "terminal",
      `steps:
  - terminal:
      command: stty size; trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.05; done
      rows: 40
      columns: 100
      script:
        - expect: 40 100
        - expect: ready
        - keys: Ctrl-C
        - expect: caught
    expect: { exitCode: 5 }
  - terminal:
      command: cat
      script:
        - line: abc
        - expect: abc
        - expect: { contains: xyz, timeout: 200ms }
`,
    );
    const { report } = await place.run();
    const [first, code, second] = report.scenarios[0]?.checks ?? [];
    expect([first?.outcome, code?.outcome, second?.outcome]).toEqual(["pass", "pass", "fail"]);
    expect(second?.problems).toHaveLength(1);
    // At the script's line, not at the step's.
    expect(second?.problems[0]?.location).toMatchObject({ line: (second?.location.line ?? 0) + 5, column: 11 });
    expect(second?.problems[0]).toMatchObject({ expected: '"xyz"', actual: expect.stringContaining("abc") as string });
  });

  test("an engine that dies is a fault of ours: an error, exit code 3, and the next scenario runs on another", async () => {
    using place = new RunPlace();
    place.scenario("a-dies", `steps:\n  - run: touch started; sleep 1000\n  - run: echo never\n`);
    place.scenario("b-lives", `steps:\n  - run: echo alive\n`);
    const { ended, output } = place.start("--jobs", "1");
    await until(
      () => place.workspaces().some((name) => existsSync(join(place.directory, name, "root/tmp/work/started"))),
      () => output.stderr,
    );
    const engine = enginesOf(place).find(([, root]) => existsSync(join(root, "tmp/work/started")));
    expect(engine).toBeDefined();
    if (engine !== undefined) process.kill(engine[0], "SIGKILL");
    expect(await ended).toBe(3);
    expect(output.stdout).toMatch(/^! a-dies[\s\S]*the engine ended[\s\S]*✓ b-lives/);
    expect(place.workspaces()).toEqual([]);
    expect(place.processes()).toEqual([]);
  });

  test("Ctrl-C ends the run with 130, a report of what was done, and nothing left", async () => {
    using place = new RunPlace();
    place.scenario("a-done", `steps:\n  - run: "true"\n`);
    place.scenario("b-long", `images: [busybox]\nsteps:\n  - run: docker run -d busybox sleep 1000; touch started; sleep 1000\n`);
    const { child, ended, output } = place.start("--jobs", "1");
    await until(
      () => place.workspaces().some((name) => existsSync(join(place.directory, name, "root/tmp/work/started"))),
      () => output.stderr,
    );
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(output.stdout).toMatch(/✓ a-done[\s\S]*interrupted · 1 passed/);
    expect(place.workspaces()).toEqual([]);
    expect(place.processes()).toEqual([]);
    expect(place.mounts()).toEqual([]);
  });

  test("a runner killed with SIGKILL takes its engines along, and the next run removes its folders", async () => {
    using place = new RunPlace();
    place.scenario("long", `images: [busybox]\nsteps:\n  - run: docker run -d busybox sleep 1000; touch started; sleep 1000\n`);
    const { child, ended, output } = place.start();
    await until(
      () => place.workspaces().some((name) => existsSync(join(place.directory, name, "root/tmp/work/started"))),
      () => output.stderr,
    );
    child.kill("SIGKILL");
    await ended;
    await until(
      () => place.processes().length === 0,
      () => place.processes().join("\n"),
    );
    expect(place.mounts()).toEqual([]);
    expect(place.workspaces()).not.toEqual([]);
    place.scenario("long", `steps:\n  - run: "true"\n`);
    expect((await place.run()).exitCode).toBe(0);
    expect(place.workspaces()).toEqual([]);
  });

  test("--keep leaves the root's files and says where, --filter and --fail-fast choose what runs", async () => {
    using place = new RunPlace();
    place.scenario("a-kept", `tags: [one]\nsteps:\n  - run: echo x > kept.txt; exit 1\n`);
    place.scenario("b-kept", `tags: [one]\nsteps:\n  - run: "true"\n`);
    place.scenario("c-other", `steps:\n  - run: "true"\n`);
    const { stdout, report } = await place.run("--keep", "--filter", "/^one$/", "--fail-fast", "--jobs", "1");
    expect(report.scenarios.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(["a-kept fail", "b-kept skip"]);
    const kept = report.scenarios[0]?.keptAt ?? "";
    expect(stdout).toContain(`kept at ${kept}`);
    expect(readFileSync(join(kept, "root/tmp/work/kept.txt"), "utf8")).toBe("x\n");
    expect(place.workspaces()).toEqual([kept.slice(place.directory.length + 1)]);
    expect(place.processes()).toEqual([]);
  });

  test("what a scenario requires and is not given skips it, with the reason", async () => {
    using place = new RunPlace();
    place.scenario("engine", `requires: { engine: [podman] }\nsteps:\n  - run: "false"\n`);
    place.scenario("program", `requires: { programs: [sh, no-such-program] }\nsteps:\n  - run: "false"\n`);
    const { exitCode, report } = await place.run();
    expect(exitCode).toBe(0);
    expect(report.scenarios.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["skip", "it is only for the engine podman"],
      ["skip", "it requires the program no-such-program, which is not here"],
    ]);
  });
});

/** The engines of this place's runs: host pid of process 1 of their namespaces, and their root. */
function enginesOf(place: RunPlace): readonly (readonly [number, string])[] {
  return place.processes().flatMap((line) => {
    const [, pid, root] = /^(\d+) slipway init (\S+)/.exec(line) ?? [];
    return pid === undefined || root === undefined ? [] : [[Number(pid), root] as const];
  });
}
