import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { demultiplex } from "../../../../src/docker/client/multiplexed-stream.ts";

function frame(stream: number, payload: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(payload), 4);
  return Buffer.concat([header, Buffer.from(payload)]);
}

async function split(chunks: readonly Buffer[]): Promise<{ stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  await demultiplex(Readable.from(chunks, { objectMode: true }), { stdout, stderr });
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { stdout: out, stderr: err };
}

test("frames of the two streams come apart, however the bytes are cut", async () => {
  const bytes = Buffer.concat([frame(1, "one\n"), frame(2, "oops\n"), frame(1, ""), frame(1, "two\n")]);
  for (const size of [1, 2, 3, 7, 8, 9, 13, bytes.length]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    expect(await split(chunks)).toEqual({ stdout: "one\ntwo\n", stderr: "oops\n" });
  }
});

test("the daemon's own error frame is thrown", async () => {
  await expect(split([frame(1, "one\n"), frame(3, "disk is gone")])).rejects.toThrow("error from daemon in stream: disk is gone");
});

test("what is no frame is refused", async () => {
  await expect(split([Buffer.from("hello, world")])).rejects.toThrow("unrecognized stream 104");
});
