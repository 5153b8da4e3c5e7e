import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeReport } from "../../../../src/harness/report/write-report.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-test-report-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("folders are made, a link stays a link, and what it leads to is written", async () => {
  await writeReport({ file: join(folder, "a/b/report.json") }, "new");
  expect(readFileSync(join(folder, "a/b/report.json"), "utf8")).toBe("new");
  writeFileSync(join(folder, "target"), "old");
  symlinkSync("target", join(folder, "link"));
  await writeReport({ file: join(folder, "link") }, "newer");
  expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, "target"), "utf8")).toBe("newer");
});

test("a device stays the device it is", async () => {
  symlinkSync("/dev/null", join(folder, "device"));
  await writeReport({ file: join(folder, "device") }, "lost");
  expect(lstatSync(join(folder, "device")).isSymbolicLink()).toBe(true);
  expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("where no folder can be made it fails, and does not wait for ever", async () => {
  await expect(writeReport({ file: "/proc/slipway/report.json" }, "")).rejects.toThrow("ENOENT");
  writeFileSync(join(folder, "file"), "");
  await expect(writeReport({ file: join(folder, "file/report.json") }, "")).rejects.toThrow(/ENOTDIR|EEXIST/);
  await expect(writeReport({ file: folder }, "")).rejects.toThrow("EISDIR");
  expect(existsSync(folder)).toBe(true);
});
