import type { Readable, Writable } from "node:stream";
import { InternalError } from "../../base/errors.ts";

const HEADER_BYTES = 8;

/**
 * Splits Docker's multiplexed stream: frames of `[stream, 0, 0, 0, size as big-endian uint32]` and `size` bytes, where stream
 * is 1 for stdout and 2 for stderr. Resolves at its end; waits for slow writers. A frame may be split anywhere.
 * @throws InternalError for an unknown stream number, and for the daemon's own error (stream 3).
 */
export async function demultiplex(source: Readable, outputs: { readonly stdout: Writable; readonly stderr: Writable }): Promise<void> {
  let header = Buffer.alloc(0);
  let stream = 0;
  let left = 0;
  const complaint: Buffer[] = [];
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const part = chunk.subarray(at, at + HEADER_BYTES - header.length);
        header = Buffer.concat([header, part]);
        at += part.length;
        if (header.length < HEADER_BYTES) break;
        stream = header.readUInt8(0);
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        if (stream > 3) throw new InternalError(`unrecognized stream ${stream} in the daemon's answer`);
        continue;
      }
      const payload = chunk.subarray(at, at + left);
      at += payload.length;
      left -= payload.length;
      if (stream === 3) complaint.push(payload);
      else await writeAll(stream === 2 ? outputs.stderr : outputs.stdout, payload);
    }
  }
  if (complaint.length > 0) throw new InternalError(`error from daemon in stream: ${Buffer.concat(complaint).toString()}`);
}

/** Copies a raw stream, as a terminal's is, to its end without closing `output`. */
export async function copyRaw(source: Readable, output: Writable): Promise<void> {
  for await (const chunk of source as AsyncIterable<Buffer>) await writeAll(output, chunk);
}

/** Writes and waits until it is taken, so that a slow reader slows the sender. */
function writeAll(output: Writable, data: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(data, (error) => (error ? reject(error) : resolve()));
  });
}
