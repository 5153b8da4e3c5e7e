import { duplexPair } from "node:stream";
import { expect, test } from "vitest";
import { Caller } from "../../../../../src/docker/cli/served/caller.ts";
import { writeFrame } from "../../../../../src/docker/cli/served/frames.ts";

test("input that nobody asked for is not kept: it ends the command", async () => {
  const [ours, theirs] = duplexPair();
  const caller = new Caller(ours);
  const listening = caller.listen();
  writeFrame(theirs, "i", "unasked");
  await listening;
  expect(caller.stdin.destroyed).toBe(true);
  expect(caller.stdin.readableLength).toBe(0);
});

test("input that was asked for is read", async () => {
  const [ours, theirs] = duplexPair();
  const caller = new Caller(ours);
  void caller.listen();
  theirs.once("data", () => {
    writeFrame(theirs, "i", "asked");
    writeFrame(theirs, "i");
  });
  const chunks: Buffer[] = [];
  for await (const chunk of caller.stdin) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toBe("asked");
});
