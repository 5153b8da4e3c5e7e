import { expect, test } from "vitest";
import { goFilter, goPattern } from "../../../src/base/go-pattern.ts";

test("expressions are those of Go, and may match anywhere", () => {
  expect(goPattern("b-c")("ab-cd")).toBe(true);
  expect(goPattern("^b")("ab")).toBe(false);
  expect(goPattern("(?i)WEB$")("my-web")).toBe(true);
  expect(goPattern(String.raw`\Qa.b\E`)("a.b")).toBe(true);
  expect(goPattern(String.raw`\Qa.b\E`)("axb")).toBe(false);
  expect(goPattern("")("x")).toBe(true);
});

test("what Go does not know is refused in its words, and filters nothing but itself", () => {
  expect(() => goPattern("(?=x)")).toThrow("error parsing regexp: invalid or unsupported Perl syntax: `(?=`");
  expect(() => goPattern("a{2000}")).toThrow("error parsing regexp: invalid repeat count: `{2000}`");
  expect(goFilter("[")("[")).toBe(true);
  expect(goFilter("[")("a[")).toBe(false);
});

test("one that could be matched in countless ways takes no longer for it", () => {
  expect(goPattern("^(a+)+$")(`${"a".repeat(5000)}b`)).toBe(false);
  expect(goPattern("(a*)*(b*)*c")("ab".repeat(2000))).toBe(false);
});
