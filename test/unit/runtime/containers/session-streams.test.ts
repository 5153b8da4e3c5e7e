import { expect, test } from "vitest";
import { SessionStreams } from "../../../../src/runtime/containers/session-streams.ts";
import { FakeProcess } from "../../../support/engine-parts.ts";

test("a process waits with its output for who takes it, so that nothing piles up", async () => {
  const process = new FakeProcess(1, { terminal: false } as never, false);
  const streams = new SessionStreams({ openStdin: false });
  let taken = 0;
  let takeMore: () => void = () => undefined;
  const delivered = streams.connect(process, () => {
    taken += 1;
    return taken === 1 ? new Promise((resolve) => (takeMore = resolve)) : undefined;
  });
  for (let chunk = 0; chunk < 3; chunk++) process.stdout.write("x".repeat(100_000));
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBe(1);
  takeMore();
  await expect.poll(() => taken).toBeGreaterThan(1);
  process.end(0);
  await delivered;
});
