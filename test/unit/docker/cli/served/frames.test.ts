import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { encodeFrame, readFrames } from "../../../../../src/docker/cli/served/frames.ts";

async function framesOf(...chunks: readonly Buffer[]): Promise<readonly string[]> {
  const stream = new PassThrough();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  const found: string[] = [];
  for await (const { type, payload } of readFrames(stream)) found.push(type + payload.toString());
  return found;
}

describe("frames of a served command", () => {
  it("are read whole, however the bytes were cut", async () => {
    const bytes = Buffer.concat([encodeFrame("i", "abc"), encodeFrame("s", "INT"), encodeFrame("i")]);
    for (const cut of [1, 4, 5, 7, 9]) {
      expect(await framesOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(["iabc", "sINT", "i"]);
    }
  });

  it("end where the bytes are none, or promise more than a caller ever sends", async () => {
    expect(await framesOf(encodeFrame("i", "abc").subarray(0, 6))).toEqual([]);
    expect(await framesOf(Buffer.concat([encodeFrame("a"), Buffer.from([0x69, 0xff, 0xff, 0xff, 0xff, 0x00])]))).toEqual(["a"]);
  });
});
