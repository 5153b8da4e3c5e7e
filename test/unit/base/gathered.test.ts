import { expect, test } from "vitest";
import { gathered } from "../../../src/base/gathered.ts";

async function lengths(chunks: readonly string[], size: number): Promise<string[]> {
  const pieces: string[] = [];
  const source = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  })();
  for await (const piece of gathered(source, size)) pieces.push(piece.toString());
  return pieces;
}

test("small pieces are put together, after a first one that comes at once", async () => {
  expect(await lengths(["a", "b", "cd", "efg", "h"], 3)).toEqual(["a", "bcd", "efg", "h"]);
});

test("empty pieces and an empty stream give none", async () => {
  expect(await lengths(["", ""], 3)).toEqual([]);
  expect(await lengths(["", "a", "", "bcd"], 3)).toEqual(["a", "bcd"]);
});

test("an error of the stream reaches the reader", async () => {
  const source = (async function* () {
    yield Buffer.from("ab");
    await Promise.reject(new Error("gone"));
  })();
  const read = async (): Promise<void> => {
    for await (const piece of gathered(source, 10)) expect(piece.toString()).toBe("ab");
  };
  await expect(read()).rejects.toThrow("gone");
});
