import { once } from "node:events";
import { duplexPair, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { readFrames } from "../../../../../src/docker/cli/served/frames.ts";
import { OrderedOutput } from "../../../../../src/docker/cli/served/ordered-output.ts";

/** More than a connection takes at once. */
const LARGE = 100_000;

test("two outputs of one connection keep the order of the writes when the other end takes its time", async () => {
  const [ours, theirs] = duplexPair();
  const stdout = new OrderedOutput(ours, "o");
  const stderr = new OrderedOutput(ours, "e");
  stdout.write(Buffer.alloc(LARGE));
  for (const word of ["1", "2", "3"]) {
    stdout.write(`o${word}`);
    stderr.write(`e${word}`);
  }
  stderr.write(Buffer.alloc(LARGE));
  stdout.write("last");
  ours.end();
  const seen: string[] = [];
  for await (const { type, parts } of readFrames(theirs)) {
    const text = Buffer.concat(parts);
    seen.push(`${type} ${text.length < 10 ? text.toString() : text.length}`);
  }
  expect(seen).toEqual([`o ${LARGE}`, "o o1", "e e1", "o o2", "e e2", "o o3", "e e3", `e ${LARGE}`, "o last"]);
});

test("whoever writes is told to wait while the connection is full, and to go on when it is not, whichever output filled it", async () => {
  const [ours, theirs] = duplexPair();
  const stdout = new OrderedOutput(ours, "o");
  const stderr = new OrderedOutput(ours, "e");
  expect(stdout.write("little")).toBe(true);
  expect(stdout.write(Buffer.alloc(LARGE))).toBe(false);
  expect(stderr.write("more")).toBe(false);
  expect([stdout.writableNeedDrain, stderr.writableNeedDrain]).toEqual([true, true]);
  const drained = Promise.all([once(stdout, "drain"), once(stderr, "drain")]);
  theirs.resume();
  await drained;
  expect(stdout.write("again")).toBe(true);
});

test("a source that goes through it is never gathered, and ends when the other end goes away", async () => {
  const [ours, theirs] = duplexPair();
  const stdout = new OrderedOutput(ours, "o");
  let given = 0;
  const source = new Readable({
    read() {
      given++;
      this.push(Buffer.alloc(LARGE));
    },
  });
  const copied = pipeline(source, stdout, { end: false }).catch((error: unknown) => error);
  await once(theirs, "readable");
  expect(given).toBeLessThan(20);
  ours.destroy();
  expect(await copied).toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
  expect(given).toBeLessThan(20);
});
