import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "../../../src/base/make-folder.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-folder-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder is made with those above it, and is left as it is when it is there", () => {
  const mode = (path: string): number => statSync(join(folder, path)).mode & 0o777;
  makeFolder(join(folder, "a/b"), 0o710);
  makeFolder(join(folder, "a/b"), 0o755);
  expect([mode("a"), mode("a/b")]).toEqual([0o710, 0o710]);
});

test("below a folder that was removed while it is open, or where none can be, it fails rather than tries for ever", () => {
  const open = openSync(folder, "r");
  rmdirSync(folder);
  try {
    expect(() => makeFolder(`/proc/self/fd/${open}/a/b`)).toThrow("ENOENT");
    expect(() => makeFolder("/proc/nosuch/a")).toThrow("ENOENT");
  } finally {
    closeSync(open);
  }
});
