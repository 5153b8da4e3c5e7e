import { expect, test } from "vitest";
import { parseUntil, untilOf } from "../../../src/base/until.ts";

const now = new Date("2024-05-01T12:00:00Z");

test.each([
  ["24h", "2024-04-30T12:00:00.000Z"],
  ["1h30m", "2024-05-01T10:30:00.000Z"],
  ["500ms", "2024-05-01T11:59:59.500Z"],
  ["1700000000", "2023-11-14T22:13:20.000Z"],
  ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000Z"],
])("until=%s is %s", (text, moment) => {
  expect(new Date(parseUntil(text, now)).toISOString()).toBe(moment);
});

test("what is no moment, or more than one, is refused in Docker's words", () => {
  expect(() => parseUntil("nonsense", now)).toThrow('failed to parse value as time or duration: "nonsense"');
  expect(() => parseUntil("1h x", now)).toThrow("failed to parse value");
  expect(() => untilOf(["1h", "2h"], now)).toThrow("more than one until filter specified");
  expect(untilOf([], now)).toBeNull();
});
