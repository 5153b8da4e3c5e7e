import type { Duplex } from "node:stream";

/**
 * What goes between a served command and `docker.pl`, in both directions: a letter, the payload's size as big-endian uint32, the payload.
 *
 * From the command: `o` and `e` bytes for stdout and stderr; `x` the exit code as text; `b` hand back: run it yourself; `i` next bytes of
 * stdin, please; `s` and `S` a signal (`INT`) to be told of, and no longer; `k` kind of a path; `r` open a path to read; `n` its next
 * bytes, please; `w` open a path to write; `p` bytes for it; `c` put it in its place; `u` drop it.
 * From `docker.pl`: `i` bytes of stdin, none at its end; `s` a signal came; to each of `k r n w c u` one answer in order: `a` with the
 * kind or the bytes, or `z` with the system's error number as text.
 */
export interface Frame {
  readonly type: string;
  readonly payload: Buffer;
}

/** No frame of `docker.pl` is larger: it reads this much at once. */
const MAX_PAYLOAD = 1024 * 1024;

const HEADER_BYTES = 5;

/** A frame's bytes. */
export function encodeFrame(type: string, payload: Uint8Array | string = ""): Buffer {
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame.write(type, 0, 1, "latin1");
  frame.writeUInt32BE(body.length, 1);
  frame.set(body, HEADER_BYTES);
  return frame;
}

/** Reads frames as they come. Ends with the stream; what is no frame ends it too. */
export async function* readFrames(source: Duplex): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const size = rest.readUInt32BE(1);
      if (size > MAX_PAYLOAD) return;
      if (rest.length < HEADER_BYTES + size) break;
      yield { type: rest.toString("latin1", 0, 1), payload: rest.subarray(HEADER_BYTES, HEADER_BYTES + size) };
      rest = rest.subarray(HEADER_BYTES + size);
    }
  }
}
