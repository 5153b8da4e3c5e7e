import { expect, test } from "vitest";
import { parseKeys } from "../../../../src/harness/scenario/keys.ts";

test("keys send what a terminal sends for them", () => {
  expect(parseKeys("Ctrl-P Ctrl-Q")).toBe("\x10\x11");
  expect(parseKeys("ctrl+c Enter q Up Alt-x Ctrl-? Esc")).toBe("\x03\rq\x1b[A\x1bx\x7f\x1b");
});

test("a key that is none is named", () => {
  expect(() => parseKeys("Enter Ctrl-PP")).toThrow('unknown key "Ctrl-PP"');
  expect(() => parseKeys("constructor")).toThrow('unknown key "constructor"');
});
