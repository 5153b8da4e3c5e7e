import { expect, test } from "vitest";
import { normalise } from "../../../../../src/harness/cli/compare/normalise.ts";

test("the paths of a diff may come in any order, other lines may not", () => {
  const names = { drawn: [], workdir: "/work" };
  const one = normalise("before\nC /data\nA /data/three\nC /data/one\nD /data/two\nafter\n", names);
  expect(one).toBe(normalise("before\nD /data/two\nC /data\nC /data/one\nA /data/three\nafter\n", names));
  expect(one).toContain("before\nA /data/three\n");
  expect(normalise("b\na\n", names)).not.toBe(normalise("a\nb\n", names));
  expect(normalise("A /x\n", names)).toBe("A /x\n");
});
