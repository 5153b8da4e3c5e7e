import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readJsonLines } from "../../../../src/docker/client/json-lines.ts";

async function valuesOf(...chunks: string[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of readJsonLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) values.push(value);
  return values;
}

test("values end at line feeds, however the stream is cut; empty lines are none, and the last needs no end", async () => {
  expect(await valuesOf('{"a"', ':1}\n\r\n{"b":2}\r\n{"c"', ":", "3}\n", "\n4")).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }, 4]);
  expect(await valuesOf('"', "\u{1f600}", '"\n')).toEqual(["\u{1f600}"]);
  expect(await valuesOf("")).toEqual([]);
  await expect(valuesOf("{}\nno json\n")).rejects.toThrow(SyntaxError);
});

test("a line of megabytes in many pieces is looked through once, not once a piece", async () => {
  const pieces = Array.from({ length: 4000 }, () => "a".repeat(4000));
  const [text] = await valuesOf('"', ...pieces, '"\n');
  expect(text).toHaveLength(16_000_000);
});
