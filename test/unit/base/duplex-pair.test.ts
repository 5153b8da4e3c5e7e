import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { duplexPair } from "../../../src/base/duplex-pair.ts";

/** An HTTP server, and a client's connection to it within this process. */
function served(answer: Parameters<typeof createServer>[1]): (options: { method?: string; body?: Readable }) => Promise<IncomingMessage> {
  const server = createServer(answer);
  return async ({ method = "GET", body }) => {
    const [client, end] = duplexPair();
    server.emit("connection", end);
    const outgoing = request({ method, path: "/", createConnection: () => client });
    const answered = once(outgoing, "response");
    if (body) void pipeline(body, outgoing);
    else outgoing.end();
    return (await answered)[0] as IncomingMessage;
  };
}

test("what is written to one end is read from the other, in order, and no faster than it is read", async () => {
  const [near, far] = duplexPair();
  const piece = Buffer.alloc(300_000, "x");
  near.write(piece);
  near.write(piece);
  near.write(piece);
  await new Promise((resolve) => setImmediate(resolve));
  expect(near.writableLength).toBeGreaterThan(0);
  near.end("end");
  const all = await buffer(far);
  expect(all.length).toBe(3 * piece.length + 3);
  expect(all.subarray(-3).toString()).toBe("end");
});

test("HTTP goes over it both ways, with bodies of several megabytes", async () => {
  const send = served((incoming, response) => incoming.pipe(response));
  const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(100_000, String(index)));
  const answer = await send({ method: "POST", body: Readable.from(pieces, { objectMode: false }) });
  expect((await buffer(answer)).equals(Buffer.concat(pieces))).toBe(true);
});

test("half an answer does not look like a whole one", async () => {
  const send = served((_, response) => {
    response.write("half", () => response.destroy());
  });
  const answer = await send({});
  await expect(text(answer)).rejects.toThrow("aborted");
});

test("who goes away is missed at the other end", async () => {
  const responses: ServerResponse[] = [];
  const send = served((_, response) => {
    responses.push(response);
    response.write("first");
  });
  const answer = await send({});
  const closed = once(responses[0]!, "close");
  answer.destroy();
  await closed;
  expect(responses[0]?.writableFinished).toBe(false);
});
