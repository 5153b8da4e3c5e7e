import { expect, test } from "vitest";
import { DetachScanner, parseDetachKeys } from "../../../../src/runtime/containers/detach-keys.ts";

const typed = (keys: string, ...chunks: readonly string[]): string => {
  const scanner = new DetachScanner(parseDetachKeys(keys));
  let passed = "";
  for (const chunk of chunks) {
    const { data, detached } = scanner.push(Buffer.from(chunk));
    passed += data.toString();
    if (detached) return `${passed}|detached`;
  }
  return passed;
};

test("the sequence detaches wherever the chunks are cut, and is not passed on", () => {
  expect(typed("", "ls\u0010\u0011rest")).toBe("ls|detached");
  expect(typed("", "\u0010", "\u0011")).toBe("|detached");
  expect(typed("ctrl-a,d", "x\u0001d")).toBe("x|detached");
});

test("keys of a sequence that was not finished are passed on", () => {
  expect(typed("", "\u0010x")).toBe("\u0010x");
  expect(typed("", "\u0010\u0010\u0011")).toBe("\u0010|detached");
});

test("unknown keys are refused", () => {
  expect(() => parseDetachKeys("ctrl-?")).toThrow("Invalid detach keys (ctrl-?) provided");
});
