import type { IncomingMessage } from "node:http";
import { PassThrough, pipeline, type Duplex, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InvalidArgumentError } from "../../base/errors.ts";

/** No JSON that the API takes is near this size. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024;

/** Collects a request's body. @throws InvalidArgumentError when it is larger than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const tooLarge = new InvalidArgumentError("request body too large");
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge;
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) return void chunks.push(chunk);
      // Reading stops, but the connection stays for the answer.
      request.off("data", take).pause();
      reject(tooLarge);
    };
    request.on("data", take).once("end", resolve).once("error", reject);
  });
  return Buffer.concat(chunks);
}

/**
 * Collects the body of a request that asks for an upgrade: Node leaves it on the socket, before the session's own bytes,
 * which are put back.
 */
export async function readBodyBeforeUpgrade(socket: Duplex, length: number): Promise<Buffer> {
  if (length > MAX_JSON_BYTES) throw new InvalidArgumentError("request body too large");
  let data = Buffer.alloc(0);
  while (data.length < length) {
    const chunk = await new Promise<Buffer>((resolve, reject) => {
      const gone = (): void => reject(new InvalidArgumentError("invalid JSON: unexpected EOF"));
      socket.once("end", gone).once("close", gone);
      socket.once("data", (chunk: Buffer) => {
        socket.pause();
        socket.off("end", gone).off("close", gone);
        resolve(chunk);
      });
    });
    data = Buffer.concat([data, chunk]);
  }
  if (data.length > length) socket.unshift(data.subarray(length));
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

/** The stream itself, or what is inside when it starts as gzip does. */
export async function decompressed(source: Readable): Promise<Readable> {
  const first = await peek(source);
  if (first === null || first[0] !== 0x1f || first[1] !== 0x8b) return source;
  // An error of either side reaches the reader through the gunzip stream.
  return pipeline(source, createGunzip({ chunkSize: 256 << 10 }), () => undefined);
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
