import { afterEach, beforeEach, expect, test } from "vitest";
import { createEngine, type RuntimeEngine } from "../../../../src/runtime/engine/engine.ts";
import { fakeParts } from "../../../support/engine-parts.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

let parts: Awaited<ReturnType<typeof fakeParts>>;
let engine: RuntimeEngine;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  parts = { ...(await fakeParts()), clock };
  engine = await createEngine(parts);
});

afterEach(async () => {
  parts.sandbox.onStart = () => undefined;
  const closed = engine.close();
  // Its grace is waited for by the same clock.
  for (const process of parts.sandbox.started) process.kill(9);
  await closed;
  await parts.dispose();
});

const stateOf = async () => (await engine.inspectContainer("box", { size: false })).State;
async function run(request: Partial<Parameters<RuntimeEngine["createContainer"]>[0]>): Promise<void> {
  await engine.createContainer({ Image: "busybox", Cmd: ["server"], ...request }, { name: "box", platform: "" });
  await engine.startContainer("box", { detachKeys: "" });
}

test("a restart waits 100 ms, twice as long each time up to a minute, and 100 ms again after ten good seconds", async () => {
  await run({ HostConfig: { RestartPolicy: { Name: "always" } } });
  const waits: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const before = parts.sandbox.started.length;
    if (round === 11) clock.advance(10_000);
    parts.sandbox.last.end(0);
    const sleep = await clock.asked();
    waits.push(sleep.ms);
    expect((await stateOf()).Status).toBe("restarting");
    sleep.wake();
    await expect.poll(async () => [parts.sandbox.started.length, (await stateOf()).Status]).toEqual([before + 1, "running"]);
  }
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 100]);
  expect((await engine.inspectContainer("box", { size: false })).RestartCount).toBe(12);
});

/** Lets the interval pass and the next probe end as told; `null` lets its timeout pass. */
async function probe(exitCode: number | null): Promise<number> {
  const count = parts.sandbox.started.length;
  const interval = await clock.asked();
  interval.wake();
  await expect.poll(() => parts.sandbox.started.length).toBe(count + 1);
  const timeout = await clock.asked();
  if (exitCode === null) timeout.wake();
  else parts.sandbox.last.end(exitCode);
  const logged = interval.ms;
  await expect.poll(async () => (await stateOf()).Health?.Log.at(-1)?.ExitCode).toBe(exitCode ?? -1);
  // Until the next one waits, so that the results are told apart.
  await expect.poll(() => clock.asked()).not.toBe(timeout);
  return logged;
}
const seconds = (count: number): number => count * 1e9;

test("a container is healthy at its first success and unhealthy after as many failures in a row as it says, a timeout being one", async () => {
  await run({ Healthcheck: { Test: ["CMD", "check"], Interval: seconds(7), Timeout: seconds(2), Retries: 2 } });
  expect((await stateOf()).Health?.Status).toBe("starting");
  expect(await probe(1)).toBe(7000);
  expect((await stateOf()).Health).toMatchObject({ Status: "starting", FailingStreak: 1 });
  await probe(0);
  expect((await stateOf()).Health).toMatchObject({ Status: "healthy", FailingStreak: 0 });
  await probe(1);
  expect((await stateOf()).Health).toMatchObject({ Status: "healthy", FailingStreak: 1 });
  await probe(null);
  const health = (await stateOf()).Health;
  expect(health).toMatchObject({ Status: "unhealthy", FailingStreak: 2 });
  expect(health?.Log.at(-1)?.Output).toBe("Health check exceeded timeout (2s)");
  expect(parts.sandbox.last.signals).toContain(9);
});

test("in the start period it is asked every start interval, failures do not count, and the interval holds after a success", async () => {
  await run({
    Healthcheck: { Test: ["CMD", "check"], Interval: seconds(30), StartPeriod: seconds(20), StartInterval: seconds(3), Retries: 1 },
  });
  expect([await probe(1), await probe(1)]).toEqual([3000, 3000]);
  expect((await stateOf()).Health).toMatchObject({ Status: "starting", FailingStreak: 0 });
  await probe(0);
  expect(await probe(0)).toBe(30_000);
  await probe(1);
  expect((await stateOf()).Health).toMatchObject({ Status: "unhealthy", FailingStreak: 1 });
});

test("a probe that is killed with its container does not make it unhealthy first", async () => {
  await run({ Healthcheck: { Test: ["CMD", "check"], Interval: seconds(7), Retries: 1 } });
  const server = parts.sandbox.last;
  (await clock.asked()).wake();
  await expect.poll(() => parts.sandbox.started.length).toBe(2);
  const timeout = await clock.asked();
  parts.sandbox.last.end(137);
  await expect.poll(() => clock.asked()).not.toBe(timeout);
  const grace = await clock.asked();
  expect(grace.ms).toBe(100);
  server.end(137);
  await expect.poll(async () => (await stateOf()).Status).toBe("exited");
  grace.wake();
  expect((await stateOf()).Health).toMatchObject({ Status: "starting", FailingStreak: 0 });
});

test("of a probe's output the first 4096 bytes are kept, however much there is, also of one whose time is up", async () => {
  await run({ Healthcheck: { Test: ["CMD", "check"], Interval: seconds(7), Timeout: seconds(2) } });
  const probing = async (print: (process: typeof parts.sandbox.last) => void): Promise<string | undefined> => {
    const [count, seen] = [parts.sandbox.started.length, (await stateOf()).Health?.Log.length ?? 0];
    (await clock.asked()).wake();
    await expect.poll(() => parts.sandbox.started.length).toBe(count + 1);
    print(parts.sandbox.last);
    await expect.poll(async () => (await stateOf()).Health?.Log.length).toBe(seen + 1);
    return (await stateOf()).Health?.Log.at(-1)?.Output;
  };
  const whole = await probing((process) => {
    process.stdout.write("a".repeat(4000));
    process.stderr?.write("b".repeat(96));
    process.end(0);
  });
  expect(whole).toBe("a".repeat(4000) + "b".repeat(96));
  const cut = await probing((process) => {
    for (let part = 0; part < 1000; part += 1) process.stdout.write("c".repeat(10_000));
    process.end(1);
  });
  expect(cut).toBe(`${"c".repeat(4096)}...`);
  const late = await probing((process) => {
    process.stdout.write("late");
    void clock.asked().then((timeout) => timeout.wake());
  });
  expect(late).toBe("Health check exceeded timeout (2s): late");
});
