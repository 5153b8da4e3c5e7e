import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StudentResult } from "../../../src/harness/grade/student-result.ts";
import { until } from "../../support/slipway-run.ts";
import { hasNamespaces } from "../../support/engine-allowed.ts";

const project = join(import.meta.dirname, "../../..");
const slipway = join(project, "dist/bin/slipway.js");
const exercise = join(project, "exercises/flatten");

describe.skipIf(!existsSync(slipway) || !hasNamespaces)("grading on the embedded engine (needs a build, and user namespaces)", () => {
  let place: string;
  const started: ChildProcess[] = [];
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "slipway-test-grade-"));
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
    rmSync(place, { recursive: true, force: true });
  });

  function start(...argv: readonly string[]) {
    const env = { ...process.env, TMPDIR: place, LANG: "C.UTF-8", LC_ALL: "" };
    const child = spawn(process.execPath, [slipway, ...argv], { cwd: place, env, stdio: ["ignore", "pipe", "pipe"] });
    started.push(child);
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (output.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (output.stderr += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, output, ended };
  }

  function submit(id: string, file: string): void {
    mkdirSync(join(place, "submissions", id), { recursive: true });
    const target = join(place, "submissions", id, "flatten.sh");
    cpSync(join(exercise, file, "flatten.sh"), target);
    const time = new Date("2026-12-01T00:00:00Z");
    utimesSync(target, time, time);
  }

  test("the example exercise is proved: its solution earns everything, nothing earns nothing, each known-bad one its verdict", async () => {
    const { output, ended } = start("exercise", "check", exercise, "--runs", "1");
    const exitCode = await ended;
    expect(output.stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(output.stdout).toMatch(/^✓ solution {2}10\/10\n✓ empty submission {2}0\/10\n/);
    expect(output.stdout).toContain("✓ known-bad/hard-coded  6/10\n");
  });

  test("a grader that is killed goes on where it was, and what it left is cleared away", async () => {
    submit("anna", "solution");
    submit("bo", "known-bad/leaves-tar");
    mkdirSync(join(place, "submissions/eve"));
    symlinkSync("/etc/passwd", join(place, "submissions/eve/flatten.sh"));
    writeFileSync(join(place, "submissions/submissions.csv"), "id,name,submitted\nbo,=Bo,2026-12-05T12:00:00+08:00\n");
    const argv = ["grade", exercise, "--submissions", "submissions", "--out", "out", "--jobs", "1"];
    const results = join(place, "out/results");
    const result = (id: string) => JSON.parse(readFileSync(join(results, `${id}.json`), "utf8")) as StudentResult;

    const killed = start(...argv);
    await until(
      () => existsSync(join(results, "anna.json")),
      () => killed.output.stderr,
      60_000,
    );
    killed.child.kill("SIGKILL");
    await killed.ended;
    const before = result("anna");
    expect(existsSync(join(place, "out/gradebook.csv"))).toBe(false);

    const resumed = start(...argv, "--resume");
    const exitCode = await resumed.ended;
    expect(resumed.output.stderr).toMatch(/^warning: a submission's commands can read [^\n]*flatten\/solution: [^\n]*\n$/);
    expect(exitCode).toBe(0);
    expect(resumed.output.stdout).toMatch(/^1 of 3 are graded already\n/);
    expect(result("anna")).toEqual(before);
    expect(readFileSync(join(place, "out/gradebook.csv"), "utf8")).toBe(
      [
        "id,name,status,points,max,earned,days late,percent off,submitted,flatten-given,flatten-hidden",
        "anna,,graded,10,10,10,0,0,2026-12-01T00:00:00.000Z,6,4",
        "bo,'=Bo,graded,8.1,10,9,1,10,2026-12-05T04:00:00.000Z,5,4",
        "eve,,refused,0,10,0,0,0,,0,0",
        "",
      ].join("\r\n"),
    );
    expect(readFileSync(join(place, "out/feedback/bo.md"), "utf8")).toContain("> Hint: export can write into a pipe");
    expect(readFileSync(join(place, "out/feedback/eve.md"), "utf8")).toContain("it is a link");
    expect(readdirSync(place).filter((name) => /^slipway-\d/.test(name))).toEqual([]);
  });
});
