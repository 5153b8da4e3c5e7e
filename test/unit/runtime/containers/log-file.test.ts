import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LineCutter, LogFile } from "../../../../src/runtime/containers/log-file.ts";

const time = "2024-01-01T00:00:00.000000000Z";

test("lines are cut at newlines, and at 16 KiB where none comes", () => {
  const cutter = new LineCutter("stdout");
  const logs = [...cutter.push(Buffer.from("a\nb"), time), ...cutter.push(Buffer.from("c\n"), time)].map(({ log }) => log);
  expect(logs).toEqual(["a\n", "bc\n"]);
  expect(cutter.push(Buffer.alloc(16 * 1024 + 3, "x"), time).map(({ log }) => log.length)).toEqual([16 * 1024]);
  expect(cutter.end(time).map(({ log }) => log)).toEqual(["xxx"]);
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
    log.append([{ log: `${line}\n`, stream: "stdout", time }]);
    if (line % 100 === 0) await log.flush();
  }
  await log.stop();
  await follower;
  expect(read).toEqual(Array.from({ length: 500 }, (_, line) => `${line}\n`));
  expect((await readFile(log.path, "utf8")).split("\n")[0]).toBe(`{"log":"0\\n","stream":"stdout","time":"${time}"}`);
});
