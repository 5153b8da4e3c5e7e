import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
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

/** The output of a process that has ended with `last` in its pipe, which `hold` keeps open, when nothing was read until its time was up. */
async function readLate({ hold }: { readonly hold: boolean }): Promise<string> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const process = new FakeProcess(1, { terminal: true } as never, false);
  let text = "";
  const delivered = new SessionStreams({ openStdin: false }).connect(process, (_, chunk) => void (text += chunk.toString()));
  process.exit(0);
  await nextTurn();
  await vi.advanceTimersByTimeAsync(2000);
  process.stdout.write("last");
  await nextTurn();
  process.stdout.write(" words");
  if (!hold) process.stdout.end();
  for (let turn = 0; turn < 5; turn++) {
    await nextTurn();
    await vi.advanceTimersByTimeAsync(20);
  }
  await delivered;
  return text;
}

test("what is in a process's pipe is read also when its time was up before there was a turn to read", async () => {
  expect(await readLate({ hold: false })).toBe("last words");
});

test("a pipe that somebody holds open is not waited for longer", async () => {
  expect(await readLate({ hold: true })).toBe("last words");
});
