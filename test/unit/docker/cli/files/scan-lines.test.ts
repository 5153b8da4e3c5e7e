import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { scanLines } from "../../../../../src/docker/cli/files/scan-lines.ts";

async function linesOf(...chunks: string[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of scanLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) lines.push(line.toString());
  return lines;
}

test("lines end at line feeds, however the stream is cut, and lose one carriage return", async () => {
  expect(await linesOf("a\nb\r", "\nc", "", "d\r\r\n", "\n", "e")).toEqual(["a", "b", "cd\r", "", "e"]);
  expect(await linesOf("a\n", "b\r")).toEqual(["a", "b"]);
  expect(await linesOf("")).toEqual([]);
});

test("a line of 64 KiB is too long, also one that has no end, and no more is read", async () => {
  const longest = "a".repeat(64 * 1024 - 1);
  expect(await linesOf(longest, "\n", longest)).toEqual([longest, longest]);
  await expect(linesOf(longest, "a\n")).rejects.toThrow("bufio.Scanner: token too long");
  let pieces = 0;
  const endless = (function* () {
    for (;;) yield Buffer.alloc(1000, String((pieces += 1)));
  })();
  await expect(scanLines(Readable.from(endless)).next()).rejects.toThrow("bufio.Scanner: token too long");
  expect(pieces).toBeLessThan(100);
});
