import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NothingSelectedError, type Selection, selectScenarios } from "../../../../../src/harness/cli/select/select.ts";
import { LastRun } from "../../../../../src/harness/cli/select/last-run.ts";
import { resultOf, sampleReport } from "../../../../support/report-of.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-test-select-"));
  for (const name of ["a", "b", "c", "d", "e"])
    writeFileSync(join(folder, `${name}.yaml`), `name: ${name}\ntags: [t-${name}]\nsteps: [{ run: "true" }]\n`);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const all = (more: Partial<Selection>): Selection => ({
  paths: [folder],
  filters: [],
  tags: null,
  lastFailed: false,
  changed: null,
  shard: null,
  order: "path",
  seed: 1,
  ...more,
});
const report = (): Promise<ReturnType<typeof sampleReport>> =>
  Promise.resolve(
    sampleReport(
      resultOf({ file: join(folder, "a.yaml"), name: "a" }),
      resultOf({ file: join(folder, "b.yaml"), name: "b", outcome: "fail" }),
      resultOf({ file: join(folder, "c.yaml"), name: "c", outcome: "error" }),
    ),
  );
async function names(
  more: Partial<Selection>,
  lastReport: Parameters<typeof selectScenarios>[1]["lastReport"] = report,
): Promise<readonly string[]> {
  return (await selectScenarios(all(more), { workdir: folder, lastReport })).map(({ name }) => name);
}

test("conditions narrow one after the other, and the one that leaves nothing is named", async () => {
  expect(await names({ lastFailed: true })).toEqual(["b", "c"]);
  expect(await names({ lastFailed: true, filters: ["t-b"] })).toEqual(["b"]);
  await expect(names({ filters: ["zzz"] })).rejects.toThrow(NothingSelectedError);
  await expect(names({ lastFailed: true, filters: ["t-a"] })).rejects.toThrow("--last-failed: nothing of what failed is among these");
  const passed = Promise.resolve(sampleReport(resultOf({ file: join(folder, "a.yaml"), name: "a" })));
  await expect(names({ lastFailed: true }, () => passed)).rejects.toThrow("--last-failed: nothing failed in the last run");
  // By its path from the folder or from the root, it is the same file.
  const near = Promise.resolve(sampleReport(resultOf({ file: "./b.yaml", name: "b", outcome: "fail" })));
  expect(await names({ lastFailed: true }, () => near)).toEqual(["b"]);
  await expect(names({ tags: () => false, filters: ["a", "b"] })).rejects.toThrow("no scenario has such --tags; there are t-a, t-b");
  await expect(names({ lastFailed: true }, () => Promise.resolve(null))).rejects.toThrow("no run in this folder is remembered");
});

test("a random order is the seed's, and has everyone in it", async () => {
  const one = await names({ order: "random", seed: 3 });
  expect(one.toSorted()).toEqual(["a", "b", "c", "d", "e"]);
  expect(await names({ order: "random", seed: 3 })).toEqual(one);
  const orders = new Set(await Promise.all([1, 2, 3, 4, 5, 6].map(async (seed) => (await names({ order: "random", seed })).join(""))));
  expect(orders.size).toBeGreaterThan(3);
});

test("a folder's last report is remembered for that folder alone", async () => {
  const state = join(folder, "state");
  const sample = await report();
  await new LastRun(state, "/one").write(sample);
  expect(await new LastRun(state, "/one").read()).toEqual(sample);
  expect(await new LastRun(state, "/other").read()).toBeNull();
  // A home that cannot be written is no fault of the run.
  await new LastRun("/dev/null/nowhere", "/one").write(sample);
  rmSync(state, { recursive: true });
});
