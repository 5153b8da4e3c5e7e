import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeBindSource } from "../../../../src/runtime/volumes/bind-source.ts";

test("a bind's source is made with the folders above it, a file stays, and where nothing can be made that is said as Docker does", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-bind-source-"));
  try {
    makeBindSource(join(folder, "a/b"));
    expect(statSync(join(folder, "a/b")).isDirectory()).toBe(true);
    writeFileSync(join(folder, "file"), "");
    makeBindSource(join(folder, "file"));
    expect(statSync(join(folder, "file")).isFile()).toBe(true);
    // /proc is there, takes no folders, and says that it is not there.
    expect(() => makeBindSource("/proc/nosuch")).toThrow(
      "error while creating mount source path '/proc/nosuch': mkdir /proc/nosuch: no such file or directory",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
