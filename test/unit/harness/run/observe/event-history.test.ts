import { expect, test } from "vitest";
import type { EventMessage } from "../../../../../src/docker/api/types.ts";
import { EventHistory } from "../../../../../src/harness/run/observe/event-history.ts";

function historyOf(told: readonly EventMessage[]): { history: EventHistory; asked: number[] } {
  const asked: number[] = [];
  const engine = {
    async events({ since }: { readonly since?: number | null }): Promise<AsyncIterable<EventMessage>> {
      asked.push(Number(since));
      return (async function* () {
        yield* told.filter(({ timeNano }) => timeNano / 1e9 >= Number(since));
      })();
    },
  };
  return { history: new EventHistory(engine, new AbortController().signal, { isWanted: true, past: [] }), asked };
}

const event = (seconds: number, action: string, attributes: Readonly<Record<string, string>> = {}): EventMessage => ({
  Type: "container",
  Action: action,
  Actor: { ID: "0123456789ab", Attributes: attributes },
  scope: "local",
  time: Math.floor(seconds),
  timeNano: seconds * 1e9,
});

test("events are asked for from a little before the last, and each counts once, also two that are alike", async () => {
  const told = [event(100, "create"), event(100, "start"), event(100, "start")];
  const { history, asked } = historyOf(told);
  await history.collect();
  await history.collect();
  // One that happened before the last, and came to be known later.
  told.push(event(99.5, "exec_die"), event(200, "die"));
  await history.collect();
  expect((await history.all()).map(({ Action }) => Action)).toEqual(["exec_die", "create", "start", "start", "die"]);
  expect(asked).toEqual([0, 99, 99, 199]);
});

test("events whose labels are more than 32 MiB in all are refused, and asked for no more", async () => {
  const label = "a".repeat(8 * 1024 * 1024);
  const { history, asked } = historyOf(Array.from({ length: 256 }, (_, index) => event(100 + index, "exec_die", { label })));
  await expect(history.collect()).rejects.toThrow("the engine told of events of more than 33554432 bytes");
  await expect(history.all()).rejects.toThrow("the engine told of events of more than 33554432 bytes");
  expect(asked).toEqual([0]);
});
