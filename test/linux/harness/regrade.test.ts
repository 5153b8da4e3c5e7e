import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../support/slipway-run.ts";

const project = join(import.meta.dirname, "../../..");
const slipway = join(project, "dist/bin/slipway.js");
const STUDENTS = 30;

describe.skipIf(!existsSync(slipway))("grading again (needs a build)", () => {
  let place: string;
  let running: ChildProcess | null = null;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "slipway-test-regrade-"));
  });
  afterEach(() => {
    running?.kill("SIGKILL");
    rmSync(place, { recursive: true, force: true });
  });

  function start(command: string, ...more: readonly string[]) {
    const child = spawn(process.execPath, [slipway, command, ...more, "ex", "-s", "list.csv", "-o", "out"], {
      cwd: place,
      env: { ...process.env, TMPDIR: place },
      stdio: "ignore",
    });
    running = child;
    let isOver = false;
    const ended = new Promise<number | null>((resolve) =>
      child.once("close", (code) => {
        isOver = true;
        resolve(code);
      }),
    );
    return { child, ended, isOver: () => isOver };
  }

  /** The exercise's digests in the results, and what the gradebooks say that there is to earn. */
  function graded() {
    const results = readdirSync(join(place, "out/results")).map((name) => {
      const { digests } = JSON.parse(readFileSync(join(place, "out/results", name), "utf8")) as { digests: { exercise: string } };
      return digests.exercise;
    });
    const max = readFileSync(join(place, "out/gradebook.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",")[4]);
    return { count: results.length, digests: [...new Set(results)], max: [...new Set(max)] };
  }

  test("killed by SIGKILL while it puts new grades in place, it has put all of them there or none", async () => {
    cpSync(join(project, "exercises/flatten"), join(place, "ex"), { recursive: true });
    const ids = Array.from({ length: STUDENTS }, (_, index) => `s${index}`);
    writeFileSync(join(place, "list.csv"), `id\n${ids.join("\n")}\n`);
    expect(await start("grade").ended).toBe(0);
    const old = graded();
    expect(old).toMatchObject({ count: STUDENTS, max: ["10"] });

    const file = join(place, "ex/exercise.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("points: 10\n", "points: 11\n").replace("points: 6 }", "points: 7 }"));
    const before = start("regrade", "--apply");
    await until(
      () => before.isOver() || existsSync(join(place, "out/.regrade/results")),
      () => "grading again begins",
    );
    before.child.kill("SIGKILL");
    await before.ended;
    expect(graded()).toEqual(old);

    const within = start("regrade", "--apply");
    await until(
      () => within.isOver() || existsSync(join(place, "out/.applying")),
      () => "the new grades are put in place",
      60_000,
    );
    within.child.kill("SIGKILL");
    await within.ended;
    // Whoever reads the grades next finishes it.
    expect(await start("export", "gradescope", "--student", "s0", "--to", "results.json").ended).toBe(0);
    const { digests, ...rest } = graded();
    expect(rest).toEqual({ count: STUDENTS, max: ["11"] });
    expect(digests).toHaveLength(1);
    expect(digests).not.toEqual(old.digests);
    expect(readdirSync(join(place, "out")).toSorted()).toEqual(["feedback", "gradebook.csv", "gradebook.json", "results"]);
  });
});
