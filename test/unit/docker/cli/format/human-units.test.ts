import { expect, test } from "vitest";
import { bytesSize, humanSize } from "../../../../../src/docker/cli/format/human-units.ts";

test.each([
  [0, "0B", "0B"],
  [999, "999B", "999B"],
  [1982411, "1.98MB", "1.982MB"],
  [1_000_000, "1MB", "1MB"],
  [999_999, "1e+03kB", "1000kB"],
  [123_456_789_012, "123GB", "123.5GB"],
])("%i bytes are %s in lists and %s in sums", (bytes, short, long) => {
  expect([humanSize(bytes, 3), humanSize(bytes)]).toEqual([short, long]);
});

test("memory is counted in powers of 1024", () => {
  expect(bytesSize(25276215296)).toBe("23.54GiB");
});
