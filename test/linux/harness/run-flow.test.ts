import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Report } from "../../../src/harness/report/report.ts";
import { junitProblems } from "../../support/junit-rules.ts";
import { until } from "../../support/slipway-run.ts";
import { parseXml } from "../../support/xml.ts";
import { hasNamespaces } from "../../support/engine-allowed.ts";

const slipway = join(import.meta.dirname, "../../../dist/bin/slipway.js");

describe.skipIf(!existsSync(slipway) || !hasNamespaces)("slipway's commands around a run (needs a build, and user namespaces)", () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-test-flow-"));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function start(...args: readonly string[]) {
    const env = { ...process.env, TMPDIR: folder, NO_COLOR: "1", LANG: "C.UTF-8", LC_ALL: "" };
    const child = spawn(process.execPath, [slipway, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (output.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (output.stderr += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, output, ended };
  }
  async function run(...args: readonly string[]) {
    const { output, ended } = start(...args);
    return { code: await ended, ...output };
  }
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  test("shards merge into one report of any kind, and what failed can be run alone", async () => {
    write("a.yaml", 'name: a\nsteps: [{ run: "true" }]\n');
    write("b.yaml", 'name: b\nsteps: [{ run: "false" }]\n');
    const parts = await Promise.all(
      ["1/2", "2/2"].map((shard, index) => run("run", ".", "--shard", shard, "--reporter", `json=part-${index}.json`)),
    );
    expect(parts.map(({ code }) => code)).toEqual([0, 1]);
    const merged = await run("merge", "part-0.json", "part-1.json", "--reporter", "console,junit=all.xml,json=all.json");
    expect(merged).toMatchObject({ code: 1, stderr: "" });
    expect(merged.stdout).toMatch(/✓ a .*\n✗ b [\s\S]*b\.yaml:2:9[\s\S]*1 passed, 1 failed/);
    expect(junitProblems(parseXml(read("all.xml")))).toEqual([]);
    expect((JSON.parse(read("all.json")) as Report).totals).toMatchObject({ scenarios: 2, passed: 1, failed: 1 });
    expect(await run("merge", "part-0.json")).toMatchObject({ code: 2, stderr: "the shard 2 of 2 is missing\n" });

    expect((await run("run", "a.yaml", "b.yaml")).code).toBe(1);
    const again = await run("run", ".", "--last-failed", "--reporter", "json=-");
    expect((JSON.parse(again.stdout) as Report).scenarios.map(({ name }) => name)).toEqual(["b"]);
    expect((await run("explain")).stdout).toMatch(/✗ b [\s\S]*again: slipway run b\.yaml/);
    expect(await run("run", ".", "--grep", "nothing")).toMatchObject({ code: 4 });
  });

  test("--update writes what was seen into the file, and the scenario passes", async () => {
    write("a.yaml", "name: a\nsteps:\n  - run: printf 'one\\ntwo\\n'; exit 3\n    expect:\n      stdout: old # kept\n      exitCode: 0\n");
    const first = await run("run", "a.yaml", "--update");
    expect(first.code).toBe(1);
    expect(first.stdout).toContain("rewritten  a.yaml:5:7 step-1/stdout");
    expect(read("a.yaml")).toContain("      stdout: |- # kept\n        one\n        two\n      exitCode: 3\n");
    expect((await run("run", "a.yaml", "--repeat", "2")).code).toBe(0);
  });

  test("a first scenario is written, is well-formed, and is not written over", async () => {
    expect((await run("init", "first.yaml")).code).toBe(0);
    expect(read("first.yaml")).toMatch(/^# yaml-language-server: \$schema=.*schemas\/scenario\.schema\.json\n/);
    expect(await run("validate", "first.yaml")).toMatchObject({ code: 0, stdout: "1 scenario is well-formed\n" });
    expect(await run("init", "first.yaml")).toMatchObject({ code: 2, stderr: "first.yaml is there already\n" });
    write("wrong.yaml", "name: wrong\nstep: []\n");
    const { code, stdout } = await run("validate", "wrong.yaml", "--json");
    expect(code).toBe(2);
    const told = JSON.parse(stdout) as { problems: { file: string; line: number; message: string }[] };
    expect(told.problems.some(({ file, line }) => file === "wrong.yaml" && line === 2)).toBe(true);
  });

  test("--watch runs again what changes, and nothing else", async () => {
    write("a.yaml", 'name: a\nsteps: [{ run: "true" }]\n');
    write("b.yaml", 'name: b\nsteps: [{ run: "true" }]\n');
    const { child, output, ended } = start("run", "a.yaml", "b.yaml", "--watch");
    const describeIt = (): string => output.stdout + output.stderr;
    await until(() => /watching a\.yaml/.test(output.stdout), describeIt);
    output.stdout = "";
    write("b.yaml", 'name: b\nsteps: [{ run: "false" }]\n');
    // A look that falls between the file's being emptied and being filled finds it wrong, and looks again.
    await until(() => /^✗ b [^]*watching/m.test(output.stdout), describeIt);
    expect(output.stdout).not.toContain("✓ a");
    child.kill("SIGINT");
    expect(await ended).toBe(1);
  });

  test("a shell has docker, a root of its own, and an exit code", async () => {
    const { code, stdout } = await run("shell", "-c", "docker ps -q; pwd; touch here; exit 7");
    expect({ code, stdout }).toEqual({ code: 7, stdout: "/tmp/work\n" });
  });
});
