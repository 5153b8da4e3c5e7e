import { expect, test } from "vitest";
import { say } from "../../../../../src/harness/plan/sayings.ts";
import { matchText } from "../../../../../src/harness/verdict/matchers/text.ts";
import type { TextMatcher } from "../../../../../src/harness/scenario/scenario.generated.ts";

/** The rationale, or null when it matches. */
const why = (expected: TextMatcher, actual: string): string | null => matchText(say("it"), expected, actual)?.rationale ?? null;

test("a block's gaps are any lines or none, and anything within a line; what is not gap must be there", () => {
  const text = "begin 17 end\nmuch\nmore\nlast\n";
  expect(why({ block: "begin [..] end\n...\nlast" }, text)).toBeNull();
  expect(why({ block: "...\nmore\n...\nlast\n..." }, text)).toBeNull();
  expect(why({ block: "begin [..][..]7 e[..]d\nmuch  \nmore\nlast\n\n" }, text)).toBeNull();
  expect(why({ block: "begin [..] end\nlast" }, text)).toBe('it is not as the block from its line "last"');
  expect(why({ block: "begin [..]\nmuch" }, text)).toBe("it goes on after the block");
  expect(why({ block: "a[..]a" }, "a")).not.toBeNull();
  expect(why({ block: "..." }, "")).toBeNull();
});

test("a block full of gaps against a long text that nearly matches is told soon", () => {
  const start = performance.now();
  const block = [...Array.from({ length: 200 }, () => "...\na[..]a[..]a[..]b"), "no"].join("\n");
  expect(why({ block }, `${"a".repeat(200)}b\n`.repeat(500))).not.toBeNull();
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("a glob is of the whole text, and knows stars, question marks, sets and escapes", () => {
  for (const glob of ["h*o", "h?l[a-m]o", "[!x]ello", "*", "hell\\o", "*l*l*"]) expect(why({ glob }, "hello\n")).toBeNull();
  for (const glob of ["h*l", "?ello?", "[!h]ello", "hell\\*", "H*"])
    expect(why({ glob }, "hello\n")).toBe(`it is not like ${JSON.stringify(glob)}`);
  expect(why({ glob: "a[" }, "a[")).toBeNull();
});

test("all, any and none take matchers of their own, one of is a list, and a number is read from the text", () => {
  expect(why({ all: ["a", { contains: "b" }] }, "a")).toBe('it does not contain "b"');
  expect(why({ any: ["b", { matches: "^c" }] }, "a")).toBe('it is "a", not "b", and it does not match /^c/');
  expect(why({ none: [{ contains: "x" }, "a"] }, "a")).toBe('it is what it must not be: "a"');
  expect(why({ none: ["b"], any: ["a"], oneOf: ["c", "a"] }, "a")).toBeNull();
  expect(why({ oneOf: ["b", "c"] }, "a")).toBe('it is none of "b", "c"');
  expect(why({ number: { above: 1, below: 2 } }, "1.5\n")).toBeNull();
  expect(why({ number: { min: 1, not: { oneOf: [2, 3] } } }, "3")).toBe("it is 3, not at least 1 and not one of 2, 3");
  expect(why({ number: 1 }, "one")).toBe("it is no number");
});

test("JSON is matched by path: one value, all of them, none, their number, type, length, text and number", () => {
  const json = JSON.stringify({ name: "web", up: null, ports: [{ n: 80 }, { n: 443 }] });
  expect(
    why(
      {
        json: {
          "$.name": { text: { glob: "w*" }, length: 3, type: "string" },
          "$.up": null,
          "$.ports[?@.n > 100].n": 443,
          "$.ports[*].n": { values: [443, 80], unordered: true },
          "$.ports[0]": { equals: { n: 80 } },
          "$.nothing": { exists: false, count: 0 },
        },
      },
      json,
    ),
  ).toBeNull();
  expect(why({ json: { "$.name": "db", "$.up": { exists: false }, "$.ports[*].n": 80 } }, json)).toBe(
    '$.name of it is "web", not "db"; there is $.up of it; $.ports[*].n of it are 2 values, not one',
  );
  expect(why({ json: { "$.none": 1 } }, json)).toBe("there is no $.none of it");
  expect(why({ json: { "$.name": { number: { min: 1 } } } }, json)).toBe('$.name of it is "web", no number');
  expect(why({ json: { "$.ports": { length: { min: 3 } } } }, json)).toBe("length of $.ports of it is 2, not at least 3");
  expect(why({ json: { $: 1 } }, "{")).toMatch(/^it is no JSON: /);
});
