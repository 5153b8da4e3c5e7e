import { expect, test } from "vitest";
import { goDuration } from "../../../src/base/go-duration.ts";

test("durations read as Go prints them", () => {
  const texts = [0, 15, 1500, 300e6, 1e9, 2.5e9, 90e9, 3600e9, -1e6].map(goDuration);
  expect(texts).toEqual(["0s", "15ns", "1.5µs", "300ms", "1s", "2.5s", "1m30s", "1h0m0s", "-1ms"]);
});
