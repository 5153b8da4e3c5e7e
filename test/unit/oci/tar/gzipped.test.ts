import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { gzipped } from "../../../../src/oci/tar/gzipped.ts";

async function gzipOf(bytes: Buffer, cut: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += cut) pieces.push(bytes.subarray(at, at + cut));
  return await buffer(Readable.from(gzipped(Readable.from(pieces)), { objectMode: false }));
}

test("what is unpacked again is the same, and equal bytes give equal ones however they came", async () => {
  const bytes = Buffer.concat([randomBytes(3_000_000), Buffer.alloc(2_000_000, "text; ")]);
  const first = await gzipOf(bytes, 65_536);
  expect(gunzipSync(first).equals(bytes)).toBe(true);
  expect(first.length).toBeLessThan(3_200_000);
  expect((await gzipOf(bytes, 700_001)).equals(first)).toBe(true);
});

test("nothing is gzip of nothing", async () => {
  expect(gunzipSync(await gzipOf(Buffer.alloc(0), 1)).length).toBe(0);
});

test("an error of the source is the reader's", async () => {
  const source = (async function* () {
    yield Buffer.alloc(10);
    await Promise.reject(new Error("gone"));
  })();
  await expect(buffer(Readable.from(gzipped(source)))).rejects.toThrow("gone");
});
