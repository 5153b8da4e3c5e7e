import { expect, test } from "vitest";
import { say, type Saying } from "../../../../src/harness/plan/sayings.ts";
import { SAYINGS } from "../../../../src/harness/plan/sayings-table.ts";

const places = (text: string): readonly string[] => (text.match(/\{\d\}/g) ?? []).toSorted();

test("every sentence has the same places in both languages, and no English word in its Chinese", () => {
  for (const [en, zh] of Object.entries(SAYINGS)) {
    expect.soft(places(zh), en).toEqual(places(en));
    expect.soft(zh.replaceAll(/\{\d\}|JSON|tar|sha256/g, ""), en).not.toMatch(/[a-z]/i);
  }
});

test("parts are put in their places once, what is said within in the same language", () => {
  expect(say("{0} is {1}, not {2}", say("log of {0}", "{1}"), 3, '"{0}"')).toEqual({
    en: 'log of {1} is 3, not "{0}"',
    zh: '容器 {1} 的日志是 3，应为 "{0}"',
  });
});

test("what is not in the table, or has a part too few, does not compile", () => {
  // @ts-expect-error -- no such sentence
  const unknown: Saying = "there is nothing";
  // @ts-expect-error -- the value is missing
  const short = say("{0} is {1}, not {2}", say("status"), 3);
  expect([unknown, short.en]).toEqual(["there is nothing", "status is 3, not {2}"]);
});
