import { expect, test } from "vitest";
import { globMatcher } from "../../../src/base/glob.ts";

test.each([
  ["*.txt", ["a.txt", ".txt"], ["a.txt2", "d/a.txt", "atxt"]],
  ["d/*/?", ["d/x/y"], ["d/y", "d/x/yy", "d/x/y/z", "d/x//"]],
  ["[a-c]x", ["ax", "cx"], ["dx", "x", "-x"]],
  ["[^a]", ["b", "/"], ["a", "/b"]],
  ["[^a-c\\]x]?", ["dd"], ["ad", "]d", "xd"]],
  ["[a\\-c]", ["a", "-", "c"], ["b"]],
  ["a\\*b", ["a*b"], ["axb"]],
  ["(a|b)+.$", ["(a|b)+.$"], ["a.", "ab"]],
  ["größe*", ["größe1"], ["grö"]],
  ["?x", ["\u{1f600}x"], ["x"]],
  ["a**b", ["ab", "axxb"], ["a/b"]],
  ["", [""], ["a"]],
])("the pattern %s finds names as Go's path.Match does", (glob, matching, others) => {
  for (const deep of [true, false]) {
    const matches = globMatcher(glob, { deep });
    expect(matching.filter((name) => !matches(name))).toEqual([]);
    expect(others.filter((name) => matches(name))).toEqual([]);
  }
});

test.each([
  ["**/x", ["x", "a/x", "a/b/x"], ["ax", "a/bx", "x/a"]],
  ["a/**", ["a/", "a/b", "a/b/c"], ["a", "b/a"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab"]],
  ["**", ["", "a", "a/b"], []],
])("in the pattern %s two stars are any number of folders, where these are looked through", (glob, matching, others) => {
  const matches = globMatcher(glob, { deep: true });
  expect(matching.filter((name) => !matches(name))).toEqual([]);
  expect(others.filter((name) => matches(name))).toEqual([]);
  expect(globMatcher("**/x", { deep: false })("a/b/x")).toBe(false);
});

test.each(["[", "[a", "[]a]", "[]", "[a-]", "[-a]", "[^]", "a\\", "[\\", "[a-\\"])("the pattern %s is none", (glob) => {
  expect(() => globMatcher(glob, { deep: false })).toThrow("syntax error in pattern");
});

test("a pattern of many stars is found not to match at once", () => {
  const matches = globMatcher(`${"*a".repeat(100)}b`, { deep: true });
  expect(matches("a".repeat(5000))).toBe(false);
  expect(matches(`${"a".repeat(5000)}b`)).toBe(true);
});
