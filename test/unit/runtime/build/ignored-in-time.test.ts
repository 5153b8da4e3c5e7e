import dockerignore from "@balena/dockerignore";
import { expect, test } from "vitest";
import { ignoredInTime } from "../../../../src/runtime/build/ignored-in-time.ts";

test("patterns that could be tried for ever are refused, others say whether a name is left out", () => {
  const patterns = dockerignore.default({ ignorecase: false }).add(["*.log", `${"*a".repeat(20)}b`]);
  expect(ignoredInTime(patterns, "x.log")).toBe(true);
  expect(ignoredInTime(patterns, "x")).toBe(false);
  expect(() => ignoredInTime(patterns, "a".repeat(60))).toThrow("the patterns of what to leave out take too long");
});
