import type { Duplex } from "node:stream";

/**
 * What goes between a served command and `docker.pl`, in both directions: a letter, the payload's size as big-endian uint32, the payload.
 *
 * Requests for bytes (`i`, `n`) may come several at a time, and are answered in turn; after an end there are no more answers to `i`.
 * From the command: `o` and `e` bytes for stdout and stderr; `x` the exit code as text; `b` hand back: run it yourself; `i` next bytes of
 * stdin, please; `s` and `S` a signal (`INT`) to be told of, and no longer; `k` kind of a path; `r` open a path to read; `n` its next
 * bytes, please; `w` open a path to write; `p` bytes for it; `c` put it in its place; `u` drop it.
 * From `docker.pl`: `i` bytes of stdin, none at its end; `s` a signal came; to each of `k r n w c u` one answer in order: `a` with the
 * kind or the bytes, or `z` with the system's error number as text.
 */
export interface Frame {
  readonly type: string;
  /** The payload, in the pieces in which it came. */
  readonly parts: readonly Buffer[];
}

/** No frame of `docker.pl` is larger: it reads this much at once. */
const MAX_PAYLOAD = 1024 * 1024;

const HEADER_BYTES = 5;

/** Writes a frame; the payload must not be changed any more. False when the socket has enough for now; `flushed` is called when it has gone. */
export function writeFrame(socket: Duplex, type: string, payload: Uint8Array | string = "", flushed?: () => void): boolean {
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.write(type, 0, 1, "latin1");
  header.writeUInt32BE(body.length, 1);
  // Both in one system call, without a copy.
  socket.cork();
  socket.write(header);
  const takesMore = socket.write(body, flushed);
  socket.uncork();
  return takesMore;
}

/** Reads frames as they come. Ends with the stream; what is no frame ends it too. */
export async function* readFrames(source: Duplex): AsyncGenerator<Frame> {
  let header: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let left = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    for (let rest = chunk; rest.length > 0;) {
      if (header.length < HEADER_BYTES) {
        const missing = HEADER_BYTES - header.length;
        header = Buffer.concat([header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (header.length < HEADER_BYTES) break;
        left = header.readUInt32BE(1);
        if (left > MAX_PAYLOAD) return;
      }
      if (left > 0 && rest.length > 0) {
        const part = rest.subarray(0, left);
        parts.push(part);
        left -= part.length;
        rest = rest.subarray(part.length);
      }
      if (left > 0) break;
      yield { type: header.toString("latin1", 0, 1), parts };
      header = Buffer.alloc(0);
      parts = [];
    }
  }
}
