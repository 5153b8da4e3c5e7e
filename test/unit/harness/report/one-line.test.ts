import { expect, test } from "vitest";
import { oneLine } from "../../../../src/harness/report/one-line.ts";

test("lines become one, without the white space around their ends", () => {
  expect(oneLine(" a  b \n\n\t c\r\nd\n")).toBe("a  b c d");
  expect(oneLine("")).toBe("");
});

test("a megabyte of blanks is looked through once", () => {
  expect(oneLine(`a${" ".repeat(1_000_000)}b`)).toHaveLength(1_000_002);
});
