import { createHash } from "node:crypto";
import { PassThrough, Writable, type Duplex, type Readable } from "node:stream";
import { InvalidArgumentError } from "../../base/errors.ts";
import type { StreamSession } from "../api/engine.ts";
import { closeGently } from "./hijack.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10] as const;
/** What nobody types, and no more than we would keep in memory. */
const MAX_FRAME_BYTES = 1024 * 1024;
const NORMAL_CLOSURE = Buffer.from([0x03, 0xe8]);

/** The headers that accept a web socket (RFC 6455 section 4.2.2). @throws InvalidArgumentError for a request that is none. */
export function acceptWebSocket(key: string, version: string): string {
  if (Buffer.from(key, "base64").length !== 16 || version !== "13") throw new InvalidArgumentError("bad web socket handshake");
  const accept = createHash("sha1")
    .update(key + GUID)
    .digest("base64");
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

/**
 * Runs a session over a web socket that was accepted: output goes out in binary frames, both streams as one, as dockerd does; what comes in
 * data frames is the input, and a close frame its end. The session's end closes the socket.
 */
export async function runWebSocket(
  session: StreamSession,
  socket: Duplex,
  options: { signal: AbortSignal; stdin: boolean },
): Promise<void> {
  const input = new PassThrough();
  receive(socket, input).catch(() => undefined);
  if (!options.stdin) input.resume();
  const [stdout, stderr] = [frames(socket), frames(socket)];
  for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
  try {
    await session.run({ stdin: options.stdin ? input : null, stdout, stderr, signal: options.signal });
  } finally {
    if (!socket.destroyed) socket.write(frame(CLOSE, NORMAL_CLOSURE));
    closeGently(socket);
  }
}

function frames(socket: Writable): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      socket.write(frame(BINARY, chunk), done);
    },
  });
}

/** One frame with all its payload, unmasked as a server's are (RFC 6455 section 5.2). */
export function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

/** Reads the client's frames into `input` until it closes, breaks the protocol or goes away; then the input ends. */
async function receive(socket: Duplex, input: PassThrough): Promise<void> {
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of (socket as Readable).iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk]);
      for (let found = takeFrame(rest); found; found = takeFrame(rest)) {
        rest = rest.subarray(found.size);
        if (found.opcode === CLOSE) return;
        if (found.opcode === PING) socket.write(frame(PONG, found.payload));
        else if (found.opcode === CONTINUATION || found.opcode === TEXT || found.opcode === BINARY) input.write(found.payload);
      }
    }
  } catch {
    socket.destroy();
  } finally {
    input.end();
    socket.resume();
  }
}

/** The first whole frame of `data`; null when it is not there yet. @throws Error for what a client must not send. */
export function takeFrame(data: Buffer): { readonly opcode: number; readonly payload: Buffer; readonly size: number } | null {
  const [first, second] = data;
  if (first === undefined || second === undefined) return null;
  if ((second & 0x80) === 0) throw new Error("a client's frame is not masked");
  const short = second & 0x7f;
  const start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
  if (data.length < start + 4) return null;
  const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
  if (length > MAX_FRAME_BYTES) throw new Error("a client's frame is too long");
  const size = start + 4 + length;
  if (data.length < size) return null;
  const mask = data.subarray(start, start + 4);
  const payload = Buffer.from(data.subarray(start + 4, size));
  for (let index = 0; index < payload.length; index++) payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
  return { opcode: first & 0x0f, payload, size };
}
