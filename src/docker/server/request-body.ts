import type { IncomingMessage } from "node:http";
import { PassThrough, type Duplex, type Readable } from "node:stream";
import { InvalidArgumentError, UnavailableError } from "../../base/errors.ts";

/** No JSON that the API takes is near this size. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024;

/** Of all requests together that are being collected: as many as one likes may be open at once. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
let held = 0;

/** Counts bytes that are kept. @throws UnavailableError when they are too many. */
function hold(bytes: number): void {
  held += bytes;
  if (held > MAX_HELD_BYTES) throw new UnavailableError("too many large requests at once");
}

/** Collects a request's body. @throws InvalidArgumentError when it is larger than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const tooLarge = new InvalidArgumentError("request body too large");
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge;
  try {
    await new Promise<void>((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        try {
          hold(chunk.length);
          if (size > limit) throw tooLarge;
          chunks.push(chunk);
        } catch (error) {
          // Reading stops, but the connection stays for the answer.
          request.off("data", take).pause();
          reject(error);
        }
      };
      request.on("data", take).once("end", resolve).once("error", reject).once("close", resolve);
    });
    return Buffer.concat(chunks);
  } finally {
    held -= size;
  }
}

/**
 * Collects the body of a request that asks for an upgrade: Node leaves it on the socket, before the session's own bytes,
 * which are put back.
 */
export async function readBodyBeforeUpgrade(socket: Duplex, length: number): Promise<Buffer> {
  if (length > MAX_JSON_BYTES) throw new InvalidArgumentError("request body too large");
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    while (size < length) {
      const chunk = await new Promise<Buffer>((resolve, reject) => {
        const gone = (): void => reject(new InvalidArgumentError("invalid JSON: unexpected EOF"));
        socket.once("end", gone).once("close", gone);
        socket.once("data", (chunk: Buffer) => {
          socket.pause();
          socket.off("end", gone).off("close", gone);
          resolve(chunk);
        });
        // A listener alone does not wake what was paused, as after the first of several pieces.
        socket.resume();
      });
      size += chunk.length;
      hold(chunk.length);
      chunks.push(chunk);
    }
  } finally {
    held -= size;
  }
  const data = Buffer.concat(chunks);
  if (size > length) socket.unshift(data.subarray(length));
  return data.subarray(0, length);
}

/** Decodes a JSON body. @throws InvalidArgumentError in the daemon's words. */
export function parseJsonBody(body: Buffer): unknown {
  const text = body.toString();
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (/after JSON/.test((cause as Error).message)) throw new InvalidArgumentError("unexpected content after JSON", { cause });
    const token = /^Unexpected token '(.+?)'/u.exec((cause as Error).message)?.[1];
    const why = token === undefined ? "unexpected EOF" : `invalid character '${token}' looking for beginning of value`;
    throw new InvalidArgumentError(`invalid JSON: ${why}`, { cause });
  }
}

/** A stream of `source`'s bytes that can be destroyed without closing the connection. */
export function detached(source: Readable): Readable {
  const copy = new PassThrough();
  source.pipe(copy);
  source.once("error", (error) => copy.destroy(error));
  source.once("close", () => {
    if (!source.readableEnded) copy.end();
  });
  return copy;
}

/** The first bytes of a stream, which stay in it; null when it is empty. @throws the stream's error. */
export async function peek(source: Readable): Promise<Buffer | null> {
  for (;;) {
    const chunk = source.read() as Buffer | null;
    if (chunk !== null) {
      // At once: after the next tick a short stream would be at its end and take nothing back.
      source.unshift(chunk);
      return chunk;
    }
    if (source.errored) throw source.errored;
    if (source.readableEnded || source.destroyed) return null;
    await new Promise<void>((resolve, reject) => {
      const events = ["readable", "end", "close"] as const;
      const clean = (): void => {
        for (const event of events) source.off(event, done);
        source.off("error", fail);
      };
      const done = (): void => {
        clean();
        resolve();
      };
      const fail = (error: Error): void => {
        clean();
        reject(error);
      };
      for (const event of events) source.on(event, done);
      source.on("error", fail);
    });
  }
}
