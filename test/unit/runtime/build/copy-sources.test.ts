import { expect, test } from "vitest";
import { globPattern } from "../../../../src/runtime/build/copy-sources.ts";

test.each([
  ["*.txt", ["a.txt", ".txt"], ["a.txt2", "d/a.txt", "atxt"]],
  ["d/*/?", ["d/x/y"], ["d/y", "d/x/yy", "d/x/y/z"]],
  ["[a-c]x", ["ax", "cx"], ["dx", "x"]],
  ["[^a]", ["b"], ["a", "/b"]],
  ["a\\*b", ["a*b"], ["axb"]],
  ["(a|b)+.$", ["(a|b)+.$"], ["a.", "ab"]],
  ["größe*", ["größe1"], ["grö"]],
])("the pattern %s finds names as Go's filepath.Match does", (glob, matching, others) => {
  const pattern = globPattern(glob);
  expect(matching.filter((name) => !pattern.test(name))).toEqual([]);
  expect(others.filter((name) => pattern.test(name))).toEqual([]);
});
