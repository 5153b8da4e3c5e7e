import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import tar from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Scene } from "../../../../../src/harness/run/observe/engine.ts";
import { observeEntries, observeFile } from "../../../../../src/harness/run/observe/file-facts.ts";

let scene: Scene;

beforeEach(async () => {
  const workdir = await mkdtemp(join(tmpdir(), "slipway-test-"));
  scene = { engine: {}, workdir, signal: new AbortController().signal, inherited: null } as Scene;
});

afterEach(() => rm(scene.workdir, { recursive: true }));

const inWorkdir = (...path: string[]): string => join(scene.workdir, ...path);

async function tarFile(): Promise<Buffer> {
  const pack = tar.pack();
  pack.entry({ name: "./tmp/", type: "directory", mode: 0o1777 });
  pack.entry({ name: "./tmp/note", mode: 0o640, uid: 5, gid: 6 }, "kept\n");
  pack.entry({ name: "./tmp/link", type: "symlink", linkname: "note" });
  pack.entry({ name: "./tmp/hard", type: "link", linkname: "./tmp/note" });
  pack.finalize();
  return await buffer(pack);
}

test("a file of the work directory is told with its properties and contents", async () => {
  await mkdir(inWorkdir("a"));
  await writeFile(inWorkdir("a", "b"), "hi\n", { mode: 0o600 });
  expect(await observeFile({ path: "a/b" }, scene)).toMatchObject({
    file: {
      type: "file",
      size: 3,
      mode: 0o600,
      content: "hi\n",
      sha256: "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4",
    },
  });
  expect(await observeFile({ path: "a" }, scene)).toMatchObject({ file: { type: "directory", content: null } });
  expect(await observeFile({ path: "a/c" }, scene)).toEqual({ kind: "file", file: null });
  expect(await observeFile({ path: "a/b/c" }, scene)).toEqual({ kind: "file", file: null });
});

test("what a link in the work directory leads to outside is not its file", async () => {
  await symlink("/etc", inWorkdir("etc"));
  await symlink("/etc/passwd", inWorkdir("passwd"));
  await symlink("loop", inWorkdir("loop"));
  expect(await observeFile({ path: "etc/passwd" }, scene)).toEqual({ kind: "file", file: null });
  expect(await observeFile({ path: "loop/x" }, scene)).toEqual({ kind: "file", file: null });
  expect(await observeFile({ path: "passwd" }, scene)).toMatchObject({
    file: { type: "symlink", linkTarget: "/etc/passwd", content: null },
  });
  expect(await observeEntries("passwd", scene)).toEqual({ kind: "entries", names: null });
});

test.each([
  ["plain", (bytes: Buffer) => bytes],
  ["compressed", (bytes: Buffer) => gzipSync(bytes)],
])("a %s tar is looked into, hard links included", async (_, pack) => {
  await writeFile(inWorkdir("t.tar"), pack(await tarFile()));
  expect(await observeEntries("t.tar", scene)).toEqual({ kind: "entries", names: ["./tmp/", "./tmp/note", "./tmp/link", "./tmp/hard"] });
  const note = { type: "file", size: 5, mode: 0o640, uid: 5, gid: 6, content: "kept\n" };
  expect(await observeFile({ tar: "t.tar", path: "tmp/note" }, scene)).toMatchObject({ file: note });
  expect(await observeFile({ tar: "t.tar", path: "/tmp/hard" }, scene)).toMatchObject({ file: note });
  expect(await observeFile({ tar: "t.tar", path: "tmp/link" }, scene)).toMatchObject({ file: { type: "symlink", linkTarget: "note" } });
  expect(await observeFile({ tar: "t.tar", path: "tmp/none" }, scene)).toEqual({ kind: "file", file: null });
});

test("what is no tar is said so", async () => {
  await writeFile(inWorkdir("empty"), "");
  await writeFile(inWorkdir("text"), "x".repeat(2000));
  expect(await observeEntries("empty", scene)).toMatchObject({
    names: null,
    problem: { en: "empty cannot be read as a tar: it is empty" },
  });
  expect(await observeEntries("text", scene)).toMatchObject({
    names: null,
    problem: { en: expect.stringContaining("text cannot be read as a tar: Invalid tar header") as string },
  });
  expect(await observeFile({ tar: "none", path: "x" }, scene)).toMatchObject({
    missing: { en: "there is no file none", zh: "没有文件 none" },
  });
});

test("a folder that becomes a link outwards while it is looked at shows nothing of what is there", async () => {
  const outside = await mkdtemp(join(tmpdir(), "slipway-test-outside-"));
  await writeFile(join(outside, "answer"), "SECRET");
  await mkdir(inWorkdir("out"));
  await writeFile(inWorkdir("out", "answer"), "mine");
  await symlink(outside, inWorkdir("link"));
  // renameat2(2) with RENAME_EXCHANGE, as fast as it goes.
  const number = process.arch === "x64" ? 316 : 276;
  const loop = `$SIG{TERM} = sub { exit }; $| = 1; print "on\n"; syscall(${number}, -100, $ARGV[0], -100, $ARGV[1], 2) for 1 .. 20000000`;
  const racer = spawn("perl", ["-e", loop, inWorkdir("out"), inWorkdir("link")], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    await once(racer.stdout, "data");
    const seen = new Set<string | null | undefined>();
    for (let tries = 0; tries < 1000; tries++) {
      const { file } = (await observeFile({ path: "out/answer" }, scene)) as { file: { content: string | null } | null };
      seen.add(file?.content);
    }
    expect(racer.exitCode).toBe(null);
    expect(seen).toContain("mine");
    expect(seen).not.toContain("SECRET");
  } finally {
    racer.kill("SIGKILL");
    await rm(outside, { recursive: true });
  }
});

test("a sparse file of terabytes, and what unpacks to as much, are found too large in a moment", async () => {
  await writeFile(inWorkdir("big"), "");
  await truncate(inWorkdir("big"), 4 * 1024 ** 4);
  expect(await observeFile({ path: "big" }, scene)).toMatchObject({ file: { size: 4 * 1024 ** 4, content: null, sha256: null } });
  expect(await observeEntries("big", scene)).toMatchObject({
    names: null,
    problem: { en: expect.stringContaining("more than 1073741824 bytes") as string },
  });
  const header = Buffer.from((await tarFile()).subarray(512, 1024));
  // Of 8 GiB, if it is to be believed.
  const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 1 });
  header.write("77777777770", 124, "latin1");
  header.write("        ", 148, "latin1");
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
    "latin1",
  );
  await writeFile(inWorkdir("bomb.tar.gz"), Buffer.concat([gzipSync(header), ...Array.from({ length: 20 }, () => zeros)]));
  expect(await observeEntries("bomb.tar.gz", scene)).toMatchObject({
    kind: "entries",
    names: null,
    problem: { en: "bomb.tar.gz cannot be read as a tar: it has more than 1073741824 bytes" },
  });
}, 60_000);
