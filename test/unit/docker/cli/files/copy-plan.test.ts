import { expect, test } from "vitest";
import { planCopy, renamedEntry } from "../../../../../src/docker/cli/files/copy-plan.ts";

const file = (path: string) => ({ path, exists: true, isDirectory: false });
const folder = (path: string) => ({ path, exists: true, isDirectory: true });
const nothing = (path: string) => ({ path, exists: false, isDirectory: false });

test.for([
  ["a file into a folder", file("/s/a"), folder("/d"), "/d", "a", "a"],
  ["a file to a new name", file("/s/a"), nothing("/d/b"), "/d", "a", "b"],
  ["a file over a file", file("/s/a"), file("/d/b"), "/d", "a", "b"],
  ["a folder into a folder", folder("/s/a"), folder("/d"), "/d", "a/x", "a/x"],
  ["a folder to a new name", folder("/s/a"), nothing("/d/b"), "/d", "a/x", "b/x"],
  ["a folder's contents into a folder", folder("/s/a/."), folder("/d"), "/d", "./x", "./x"],
  ["a folder's contents to a new name", folder("/s/a/."), nothing("/d/b"), "/d", "./x", "b/x"],
] as const)("%s", ([, source, destination, directory, entry, renamed]) => {
  const plan = planCopy(source, destination);
  expect(plan.directory).toBe(directory);
  expect(renamedEntry(entry, plan)).toBe(renamed);
});

test("what does not fit is refused", () => {
  expect(() => planCopy(folder("/s/a"), file("/d/b"))).toThrow("cannot copy directory");
  expect(() => planCopy(file("/s/a"), nothing("/d/b/"))).toThrow("no such directory");
});
