import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readBody, readBodyBeforeUpgrade } from "../../../../src/docker/server/request-body.ts";

const MiB = 1024 * 1024;
const requestOf = (stream: PassThrough): IncomingMessage => Object.assign(stream, { headers: {} }) as unknown as IncomingMessage;

test("bodies that are never finished take no more memory together than a few large ones", async () => {
  const streams = Array.from({ length: 12 }, () => new PassThrough({ highWaterMark: 16 * MiB }));
  const outcomes = streams.map((stream, index) =>
    (index % 2 === 0 ? readBody(requestOf(stream), 8 * MiB) : readBodyBeforeUpgrade(stream, 8 * MiB)).then(
      () => "read",
      (error: Error) => error.message,
    ),
  );
  for (const stream of streams) stream.write(Buffer.alloc(7 * MiB));
  const refused = await Promise.race(outcomes);
  expect(refused).toBe("too many large requests at once");
  for (const stream of streams) stream.end(Buffer.alloc(MiB));
  const all = await Promise.all(outcomes);
  expect(all.filter((outcome) => outcome === "read").length).toBeGreaterThanOrEqual(1);
  expect(all.filter((outcome) => outcome === "too many large requests at once").length).toBeGreaterThanOrEqual(1);
  // What they held is free again.
  for (let again = 0; again < 20; again++) {
    const stream = new PassThrough();
    stream.end(Buffer.alloc(6 * MiB));
    expect((await readBody(requestOf(stream), 8 * MiB)).length).toBe(6 * MiB);
  }
});
