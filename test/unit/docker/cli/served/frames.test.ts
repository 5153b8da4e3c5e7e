import { Duplex, PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { readFrames, writeFrame } from "../../../../../src/docker/cli/served/frames.ts";

async function framesOf(...chunks: readonly Buffer[]): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { type, parts } of readFrames(Duplex.from(chunks))) found.push(type + Buffer.concat(parts).toString());
  return found;
}

function bytesOf(...frames: readonly (readonly [type: string, payload: string])[]): Buffer {
  const stream = new PassThrough();
  for (const [type, payload] of frames) writeFrame(stream, type, payload);
  return stream.read() as Buffer;
}

describe("frames of a served command", () => {
  it("are read whole, however the bytes were cut", async () => {
    const bytes = bytesOf(["i", "abc"], ["s", "INT"], ["i", ""]);
    for (const cut of [1, 4, 5, 7, 9]) {
      expect(await framesOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(["iabc", "sINT", "i"]);
    }
    expect(await framesOf(...[...bytes].map((byte) => Buffer.from([byte])))).toEqual(["iabc", "sINT", "i"]);
  });

  it("end where the bytes are none, or promise more than a caller ever sends", async () => {
    expect(await framesOf(bytesOf(["i", "abc"]).subarray(0, 6))).toEqual([]);
    expect(await framesOf(Buffer.concat([bytesOf(["a", ""]), Buffer.from([0x69, 0xff, 0xff, 0xff, 0xff, 0x00])]))).toEqual(["a"]);
  });
});
