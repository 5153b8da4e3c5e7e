import { expect, test } from "vitest";
import { DetachKeyReader, parseDetachKeys } from "../../../../../src/docker/cli/session/detach-keys.ts";

const typed = (reader: DetachKeyReader, text: string): [string, boolean] => {
  const { pass, detached } = reader.read(Buffer.from(text));
  return [pass.toString(), detached];
};

test("the keys are found also one by one, and nothing of them is passed on", () => {
  const reader = new DetachKeyReader(parseDetachKeys("ctrl-p,ctrl-q"));
  expect(typed(reader, "ls\x10")).toEqual(["ls", false]);
  expect(typed(reader, "\x11rest")).toEqual(["", true]);
});

test("keys that turn out to be others are passed on late but whole", () => {
  const reader = new DetachKeyReader(parseDetachKeys("ctrl-p,ctrl-q"));
  expect(typed(reader, "\x10")).toEqual(["", false]);
  expect(typed(reader, "x\x10\x10")).toEqual(["\x10x\x10", false]);
  expect(typed(reader, "\x11")).toEqual(["", true]);
});

test("keys are written as docker writes them", () => {
  expect([...parseDetachKeys("ctrl-a,x,ctrl-[")]).toEqual([1, 120, 27]);
  expect(() => parseDetachKeys("ctrl-ä")).toThrow("Unknown character: 'ctrl-ä'");
});
