import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LineCutter } from "../../../../src/runtime/containers/line-cutter.ts";
import { LogFile } from "../../../../src/runtime/containers/log-file.ts";

const time = "2024-01-01T00:00:00.000000000Z";

test("lines are cut at newlines, and at 16 KiB where none comes", () => {
  const cutter = new LineCutter("stdout");
  const logs = [...cutter.push(Buffer.from("a\nb"), () => time), ...cutter.push(Buffer.from("c\n"), () => time)].map(({ log }) => log);
  expect(logs).toEqual(["a\n", "bc\n"]);
  expect(cutter.push(Buffer.alloc(16 * 1024 + 3, "x"), () => time).map(({ log }) => log.length)).toEqual([16 * 1024]);
  expect(cutter.end(() => time).map(({ log }) => log)).toEqual(["xxx"]);
});

test("the file is what Docker's json-file driver writes, and a follower reads all of it until the log stops", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-log-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const log = new LogFile(join(folder, "x-json.log"));
  log.start();
  const read: string[] = [];
  const follower = (async () => {
    for await (const entries of log.read({ follow: true })) read.push(...entries.map((entry) => entry.log));
  })();
  for (let line = 0; line < 500; line += 1) {
    void log.append([{ log: `${line}\n`, stream: "stdout", time }]);
    if (line % 100 === 0) await log.flush();
  }
  await log.stop();
  await follower;
  expect(read).toEqual(Array.from({ length: 500 }, (_, line) => `${line}\n`));
  expect((await readFile(log.path, "utf8")).split("\n")[0]).toBe(`{"log":"0\\n","stream":"stdout","time":"${time}"}`);
});

test("a full file makes way for the next, and readers find what is left in order, also while it turns over", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-log-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const log = new LogFile(join(folder, "r-json.log"), { maxBytes: 300, maxFiles: 3 });
  log.start();
  const followed: string[] = [];
  const following = (async () => {
    for await (const entries of log.read({ follow: true })) followed.push(...entries.map((entry) => entry.log));
  })();
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}\n`);
  for (const line of lines) {
    void log.append([{ log: line, stream: "stdout", time: "2026-01-01T00:00:00.000000000Z" }]);
    await log.flush();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const left: string[] = [];
  for await (const entries of log.read({ follow: false })) left.push(...entries.map((entry) => entry.log));
  expect(left.length).toBeGreaterThan(8);
  expect(left).toEqual(lines.slice(-left.length));
  expect((await readdir(folder)).filter((name) => name.startsWith("r-json.log")).toSorted()).toEqual([
    "r-json.log",
    "r-json.log.1",
    "r-json.log.2",
  ]);
  await log.stop();
  await following;
  expect(followed.at(-1)).toBe("line 39\n");
  expect(followed).toEqual(lines.slice(-followed.length));
});

test("who prints faster than the disk writes is told to wait, and what was appended is all there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-log-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const log = new LogFile(join(folder, "f-json.log"));
  log.start();
  const line = { log: `${"x".repeat(16_000)}\n`, stream: "stdout", time } as const;
  expect(log.append([line])).toBeUndefined();
  const room = log.append(Array.from({ length: 100 }, () => line));
  expect(room).toBeInstanceOf(Promise);
  await room;
  expect((await readFile(log.path, "utf8")).split("\n")).toHaveLength(102);
  expect(log.append([line])).toBeUndefined();
  await log.stop();
});
