import { expect, test } from "vitest";
import { humanDuration } from "../../../src/base/human-duration.ts";

test.each([
  [0.4, "Less than a second"],
  [1.9, "1 second"],
  [59, "59 seconds"],
  [60, "About a minute"],
  [120, "2 minutes"],
  [3599, "59 minutes"],
  [3600, "About an hour"],
  [47 * 3600, "47 hours"],
  [48 * 3600, "2 days"],
  [14 * 86400, "2 weeks"],
  [60 * 86400, "2 months"],
  [730 * 86400, "2 years"],
])("%d seconds are %s", (seconds, text) => {
  expect(humanDuration(seconds)).toBe(text);
});
