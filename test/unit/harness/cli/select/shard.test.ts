import { expect, test } from "vitest";
import { parseShard, shardOf } from "../../../../../src/harness/cli/select/shard.ts";
import { planOf } from "../../../../support/plan-of.ts";

const plans = ["a", "b", "c", "d", "e", "f", "g"].map((name) => planOf(name));
const names = (shard: string): readonly string[] => shardOf(plans, parseShard(shard)).map(({ name }) => name);

test.each(["slice", "hash"])("every scenario is in exactly one part (%s)", (by) => {
  const parts = [1, 2, 3].map((index) => names(`${by}:${index}/3`));
  expect(parts.flat().toSorted()).toEqual(plans.map(({ name }) => name));
});

test("slices are of the same size, and more parts than scenarios leave some empty", () => {
  expect([1, 2, 3].map((index) => names(`${index}/3`).length)).toEqual([2, 2, 3]);
  expect(Array.from({ length: 20 }, (_, index) => names(`${index + 1}/20`).length).filter((size) => size > 1)).toEqual([]);
});

test("by hash a scenario stays in its part when others go", () => {
  const before = names("hash:1/3");
  const [gone, ...rest] = plans;
  expect(shardOf(rest, parseShard("hash:1/3")).map(({ name }) => name)).toEqual(before.filter((name) => name !== gone?.name));
});

test.each(["0/3", "4/3", "1", "1/0", "half:1/2", "1/2/3"])("%s is no part", (text) => {
  expect(() => parseShard(text)).toThrow("is no part such as 2/5");
});
