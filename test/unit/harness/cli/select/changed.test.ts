import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changedFiles, plansOfChanges } from "../../../../../src/harness/cli/select/changed.ts";
import { planOf } from "../../../../support/plan-of.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-test-changed-")));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const git = (...args: string[]): string =>
  execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", ...args], {
    encoding: "utf8",
  });
function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const changed = async (since: string | null): Promise<readonly string[]> =>
  (await changedFiles(folder, since)).map((path) => relative(folder, path)).toSorted();

test("what git sees changed: edits, new files with any name, and since a branch left its base also what was committed", async () => {
  git("init", "-q", "-b", "main");
  write("a.yaml", "1");
  write("new before any commit", "1");
  expect(await changed(null)).toEqual(["a.yaml", "new before any commit"]);
  git("add", ".");
  git("commit", "-qm", "1");
  expect(await changed(null)).toEqual([]);
  git("checkout", "-qb", "topic");
  write("b 'quoted'\n.yaml", "1");
  git("add", ".");
  git("commit", "-qm", "2");
  write("a.yaml", "2");
  expect(await changed(null)).toEqual(["a.yaml"]);
  expect(await changed("main")).toEqual(["a.yaml", "b 'quoted'\n.yaml"]);
  await expect(changed("nowhere")).rejects.toThrow(/nowhere/);
  // A revision is never taken for a flag.
  await expect(changed("--output=x")).rejects.toThrow("--changed and --since ask git");
});

test("outside of a repository git's own words are told", async () => {
  await expect(changedFiles("/", null)).rejects.toThrow(/not a git repository/);
});

test("a scenario changes with its file and with what lies beside or above it, but not with other scenarios", () => {
  for (const path of ["s/a.yaml", "s/sub/b.yaml", "t/c.yaml"]) write(path, "");
  const plans = ["s/a.yaml", "s/sub/b.yaml", "t/c.yaml"].map((path) => planOf(path.replaceAll(/\W/g, "-"), "", join(folder, path)));
  const of = (...paths: string[]): readonly string[] =>
    plansOfChanges(
      plans,
      paths.map((path) => join(folder, path)),
      [join(folder, "s"), join(folder, "t")],
    ).map(({ file }) => relative(folder, file));
  expect(of("s/a.yaml")).toEqual(["s/a.yaml"]);
  expect(of("s/sub/input.txt")).toEqual(["s/sub/b.yaml"]);
  expect(of("s/images/web/Dockerfile")).toEqual(["s/a.yaml", "s/sub/b.yaml"]);
  expect(of("README.md")).toEqual([]);
  // A scenario that is no more, or was left out by another condition, and a setup that nobody has.
  expect(of("s/gone.yaml", "s/old.setup.yaml")).toEqual([]);
  expect(of("s/suite.yaml")).toEqual(["s/a.yaml", "s/sub/b.yaml"]);
});
