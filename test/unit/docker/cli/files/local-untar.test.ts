import { mkdtempSync, readFileSync, rmSync, existsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packTree } from "../../../../../src/docker/cli/files/local-tar.ts";
import { unpackTree } from "../../../../../src/docker/cli/files/local-untar.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-untar-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stream = (tar: ReturnType<typeof pack>): Readable => {
  tar.finalize();
  return Readable.from(tar as AsyncIterable<Buffer>, { objectMode: false });
};

test("a tree comes out as it went in, under its new name", async () => {
  const tar = pack();
  tar.entry({ name: "a/", type: "directory", mode: 0o750 });
  tar.entry({ name: "a/f", mode: 0o640 }, "hello");
  tar.entry({ name: "a/empty" }, "");
  tar.entry({ name: "a/hard", type: "link", linkname: "a/f" });
  await unpackTree(stream(tar), folder, (name) => name.replace(/^a/, "b"));
  expect(readFileSync(join(folder, "b/hard"), "utf8")).toBe("hello");
  expect(statSync(join(folder, "b/f")).nlink).toBe(2);
  await unpackTree(packTree(join(folder, "b"), { root: "c" }), folder, (name) => name);
  expect(statSync(join(folder, "c")).mode & 0o777).toBe(0o750);
  expect(statSync(join(folder, "c/f")).mode & 0o777).toBe(0o640);
  expect(statSync(join(folder, "c/f")).nlink).toBe(2);
});

test("nothing is written outside, neither by dots nor through a link that the tar brought", async () => {
  const dots = pack();
  dots.entry({ name: "../out" }, "x");
  await expect(unpackTree(stream(dots), join(folder, "in"), (name) => name)).rejects.toThrow("invalid entry");
  const behind = pack();
  behind.entry({ name: "l", type: "symlink", linkname: ".." });
  behind.entry({ name: "l/out" }, "x");
  await expect(unpackTree(stream(behind), join(folder, "in"), (name) => name)).rejects.toThrow("behind a symbolic link");
  const hard = pack();
  hard.entry({ name: "l", type: "symlink", linkname: ".." });
  hard.entry({ name: "h", type: "link", linkname: "l" });
  hard.entry({ name: "h/out" }, "x");
  await expect(unpackTree(stream(hard), join(folder, "in2"), (name) => name)).rejects.toThrow("behind a symbolic link");
  expect(existsSync(join(folder, "out"))).toBe(false);
});
