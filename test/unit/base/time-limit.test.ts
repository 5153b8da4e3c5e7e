import { expect, test } from "vitest";
import { TimeLimitError, withinTime } from "../../../src/base/time-limit.ts";

test("work that ends gives what it returns or throws, also work within work", () => {
  expect(withinTime(1000, () => withinTime(1000, () => 1) + 1)).toBe(2);
  expect(() => withinTime(1000, () => JSON.parse("{"))).toThrow(SyntaxError);
});

test("work that does not end is stopped, regular expressions too", () => {
  expect(() => withinTime(50, () => /(a+)+$/u.test(`${"a".repeat(60)}!`))).toThrow(TimeLimitError);
  expect(() =>
    withinTime(50, () => {
      for (;;);
    }),
  ).toThrow("took longer than 50 ms");
  expect(withinTime(1000, () => "and the next goes well")).toBe("and the next goes well");
});
