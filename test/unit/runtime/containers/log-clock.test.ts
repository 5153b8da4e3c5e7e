import { expect, test } from "vitest";
import { LineCutter } from "../../../../src/runtime/containers/line-cutter.ts";
import { LogClock, logSeconds } from "../../../../src/runtime/containers/log-clock.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

test("lines that are read at once have times of their own, in their order, which seconds with a fraction tell apart", () => {
  const clock = new ManualClock();
  const cutter = new LineCutter("stdout");
  const { next } = new LogClock(clock);
  const times = cutter.push(Buffer.from("a\nb\nc\n"), next).map(({ time }) => time);
  clock.advance(1);
  times.push(...cutter.push(Buffer.from("d\n"), next).map(({ time }) => time));
  expect(times).toEqual([
    "2024-01-01T00:00:00.000000000Z",
    "2024-01-01T00:00:00.000001000Z",
    "2024-01-01T00:00:00.000002000Z",
    "2024-01-01T00:00:00.001000000Z",
  ]);
  const start = Date.parse("2024-01-01T00:00:00Z") / 1000;
  expect(times.map(logSeconds)).toEqual([start, start + 0.000001, start + 0.000002, start + 0.001]);
});

test("a clock that is set back sends no line before the one that came first", () => {
  const clock = new ManualClock();
  const { next } = new LogClock(clock);
  const first = next();
  clock.advance(-5000);
  expect([first, next()]).toEqual(["2024-01-01T00:00:00.000000000Z", "2024-01-01T00:00:00.000001000Z"]);
});

test("the parts of a line that is too long for one entry have one time", () => {
  const cutter = new LineCutter("stdout");
  const { next } = new LogClock(new ManualClock());
  const parts = [...cutter.push(Buffer.alloc(16 * 1024 + 1, "x"), next), ...cutter.push(Buffer.from("y\nz\n"), next)];
  expect(parts.map(({ log, time }) => [log.length, time.slice(20, -1)])).toEqual([
    [16 * 1024, "000000000"],
    [3, "000000000"],
    [2, "000001000"],
  ]);
});
