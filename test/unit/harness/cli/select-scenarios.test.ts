import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadPlans, selectPlans } from "../../../../src/harness/cli/select-scenarios.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-test-select-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const scenario = (name: string, more = ""): string => `name: ${name}\n${more}steps: [{ run: "true" }]\n`;

test("a folder's scenarios come in the order of their paths, those of images/ not at all, and none twice", async () => {
  write("b/two.yml", scenario("two"));
  write("a/one.yaml", scenario("one"));
  write("a/images/web/compose.yaml", "services: {}\n");
  write("a/notes.txt", "");
  const plans = await loadPlans([folder, join(folder, "a/one.yaml")]);
  expect(plans.map(({ name }) => name)).toEqual(["one", "two"]);
});

test("a path without scenarios, and one that is not there, are refused", async () => {
  mkdirSync(join(folder, "empty"));
  await expect(loadPlans([join(folder, "empty")])).rejects.toThrow(/empty has no scenario/);
  await expect(loadPlans([join(folder, "gone")])).rejects.toThrow(/gone: no such file or directory/);
});

test("the problems of all files are told at once, and a name is used once in a run", async () => {
  write("a.yaml", scenario("same"));
  write("b.yaml", scenario("same"));
  write("c.yaml", "name: c\nsteps: []\n");
  const error = (await loadPlans([folder]).catch((thrown: unknown) => thrown)) as Error;
  expect(error.message.replaceAll(`${folder}/`, "")).toBe(
    "c.yaml:2:8 steps: must be a list of at least one step\n  2 | steps: []\n    |        ^\nb.yaml:1:1 name: a.yaml has the same name",
  );
});

test("a filter is a part of a name or tag, or a regular expression between slashes", async () => {
  write("a.yaml", scenario("run-rm", "tags: [day-1]\n"));
  write("b.yaml", scenario("rm"));
  const plans = await loadPlans([folder]);
  const named = (...filters: string[]): readonly string[] => selectPlans(plans, filters).map(({ name }) => name);
  expect(named()).toEqual(["run-rm", "rm"]);
  expect(named("/^rm/")).toEqual(["rm"]);
  expect(named("day")).toEqual(["run-rm"]);
  expect(named("/^rm$/", "day-1")).toEqual(["run-rm", "rm"]);
  expect(named("nothing")).toEqual([]);
  expect(() => named("/(/")).toThrow("--grep /(/");
});

test("file:line is the file's scenario that stands there, and file:line:column, as messages have it, too", async () => {
  write("a.yaml", scenario("one"));
  write("b:7", scenario("seven"));
  expect((await loadPlans([join(folder, "a.yaml:2")])).map(({ name }) => name)).toEqual(["one"]);
  expect((await loadPlans([join(folder, "a.yaml:2:14")])).map(({ name }) => name)).toEqual(["one"]);
  expect((await loadPlans([join(folder, "b:7")])).map(({ name }) => name)).toEqual(["seven"]);
  const part = (name: string): string => `  - name: ${name}\n    title: x\n    steps: [{ run: "true" }]\n`;
  write("p.yaml", `name: p\ntags: [x]\nparts:\n${part("one")}${part("two")}`);
  const at = async (line: number): Promise<readonly string[]> =>
    (await loadPlans([join(folder, `p.yaml:${line}`)])).map(({ name }) => name);
  expect(await Promise.all([2, 3, 4, 6, 7, 9].map(at))).toEqual([
    ["p/one", "p/two"],
    ["p/one", "p/two"],
    ["p/one"],
    ["p/one"],
    ["p/two"],
    ["p/two"],
  ]);
  await expect(loadPlans([join(folder, "c.yaml:2")])).rejects.toThrow(/c\.yaml: no such file or directory/);
});
