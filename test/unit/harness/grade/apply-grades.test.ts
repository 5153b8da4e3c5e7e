import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyGrades, finishApplying } from "../../../../src/harness/grade/apply-grades.ts";

const FILES = ["results/a.json", "results/b.json", "feedback/a.md", "feedback/b.md", "gradebook.csv", "gradebook.json"];

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "slipway-apply-"));
  for (const [folder, text] of [
    [out, "old"],
    [join(out, ".regrade"), "new"],
  ] as const) {
    for (const file of FILES) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  }
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const texts = () => new Set(FILES.map((file) => readFileSync(join(out, file), "utf8")));

test("broken off before any one of its renames, all grades are the old ones or all the new ones to the next who reads", async () => {
  const found: string[] = [];
  for (let broken = 1; broken <= FILES.length + 2; broken++) {
    let count = 0;
    const dying: typeof rename = async (from, to) => {
      if (++count === broken) throw new Error("killed");
      await rename(from, to);
    };
    await applyGrades(join(out, ".regrade"), out, dying).catch(() => undefined);
    await finishApplying(out);
    expect(texts().size).toBe(1);
    found.push(...texts());
    // Again from the beginning.
    for (const file of FILES) {
      mkdirSync(dirname(join(out, ".regrade", file)), { recursive: true });
      writeFileSync(join(out, ".regrade", file), "new");
      writeFileSync(join(out, file), "old");
    }
  }
  expect(new Set(found)).toEqual(new Set(["old", "new"]));
});

test("what is applied leaves nothing of its own, and nothing to apply is nothing", async () => {
  await finishApplying(out);
  expect(texts()).toEqual(new Set(["old"]));
  await applyGrades(join(out, ".regrade"), out);
  expect(texts()).toEqual(new Set(["new"]));
  expect(readdirSync(out).toSorted()).toEqual(["feedback", "gradebook.csv", "gradebook.json", "results"]);
});
