import { expect, test } from "vitest";
import { parseTagExpression } from "../../../../../src/harness/cli/select/tag-expression.ts";

test.each([
  ["a", ["a"], true],
  ["a and not b", ["a"], true],
  ["a and not b", ["a", "b"], false],
  ["not a or b", ["a", "b"], true],
  ["not (a or b)", ["c"], true],
  ["a or b and c", ["a"], true],
  ["(a or b) and c", ["a"], false],
  ["NOT not day-1", ["day-1"], true],
] as const)("%s over %j is %s", (expression, tags, meant) => {
  expect(parseTagExpression(expression)(tags)).toBe(meant);
});

test.each([
  ["", "at column 1 it ends, not a tag"],
  ["a and", "at column 6 it ends, not a tag"],
  ["(a", "at column 3 it ends, not a closing bracket"],
  ["a b", 'at column 3 there is "b", not `and` or `or`'],
  ["or a", 'at column 1 there is "or", not a tag'],
  ["a)", 'at column 2 there is ")", not `and` or `or`'],
])("%j is refused, with the place", (expression, message) => {
  expect(() => parseTagExpression(expression)).toThrow(message);
});
