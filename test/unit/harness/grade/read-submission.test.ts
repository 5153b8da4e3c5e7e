import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { folderSource } from "../../../../src/harness/grade/submission-sources.ts";
import { readSubmission } from "../../../../src/harness/grade/read-submission.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-test-submission-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const handIn = {
  files: [
    { path: "run.sh", maxBytes: 10, executable: true },
    { path: "data/", required: false },
  ],
  maxBytes: 15,
  maxFiles: 3,
};
const read = async () => await readSubmission(folderSource(folder), handIn);

test("what was asked for is read, with its permissions; what was not is left aside; what is missing is told", async () => {
  mkdirSync(join(folder, "data/deep"), { recursive: true });
  writeFileSync(join(folder, "data/deep/x"), "123");
  writeFileSync(join(folder, "notes"), "");
  const without = await read();
  expect(without.notices.map(({ kind, path }) => `${kind} ${path}`)).toEqual(["ignored notes", "missing run.sh"]);
  writeFileSync(join(folder, "run.sh"), "echo");
  const { files, refused, digest } = await read();
  expect(files.map(({ path, mode }) => `${path} ${mode.toString(8)}`)).toEqual(["data/deep/x 644", "run.sh 755"]);
  expect(refused).toBe(false);
  expect(digest).not.toBe(without.digest);
});

test.each([
  ["a link", () => symlinkSync("/etc/passwd", join(folder, "run.sh")), "it is a link"],
  ["a link to a folder", () => symlinkSync("/etc", join(folder, "data")), "it is a link"],
  ["a pipe", () => void execFileSync("mkfifo", [join(folder, "run.sh")]), "no plain file"],
  ["a file that is too long", () => writeFileSync(join(folder, "run.sh"), "12345678901"), "longer than 10 bytes"],
  [
    "too much together",
    () => {
      mkdirSync(join(folder, "data"));
      for (const name of ["a", "b"]) writeFileSync(join(folder, "data", name), "12345678");
    },
    "longer than 15 bytes together",
  ],
  [
    "too many files",
    () => {
      mkdirSync(join(folder, "data"));
      for (const name of ["a", "b", "c", "d"]) writeFileSync(join(folder, "data", name), "");
    },
    "more than 3 files",
  ],
])("%s is refused, with the reason", async (_, make, reason) => {
  make();
  const { refused, notices } = await read();
  expect(refused).toBe(true);
  expect(notices[0]?.text.en).toContain(reason);
});
