import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { hasErrno } from "../../../src/base/errors.ts";
import { listeningSocket } from "../../../src/runtime/kernel/inet-socket.ts";
import { TcpForwarder } from "../../../src/runtime/networks/tcp-forwarder.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Something in a container: serves each connection by `serve`, at `address`. */
async function service(address: string, serve: (socket: Socket) => void, port = 0): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => serve(socket.on("error", () => undefined)));
  server.listen(port, address);
  await once(server, "listening");
  ends.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A port that is published for these of a container. */
async function published(containerPort: number, address = "127.0.0.1"): Promise<{ port: number; forwarder: TcpForwarder }> {
  const { port, fd } = await listeningAnywhere();
  const forwarder = new TcpForwarder([{ fd, containerPort }], address);
  ends.push(() => void forwarder.close());
  return { port, forwarder };
}

/** On whatever port is free: one that a server has just let go of, if nobody else has taken it meanwhile. */
async function listeningAnywhere(): Promise<{ port: number; fd: number }> {
  for (;;) {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    try {
      return { port, fd: listeningSocket("127.0.0.1", port) };
    } catch (error) {
      if (!hasErrno(error, "EADDRINUSE")) throw error;
    }
  }
}

async function asked(port: number, question: string | Buffer): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end(question);
  return await text(socket);
}

test("megabytes go both ways, and each side ends what it says in its own time", async () => {
  const { port } = await published(
    await service("127.0.0.1", (socket) => {
      let length = 0;
      socket.on("data", (chunk) => (length += chunk.length));
      // Answers only when the client has said all.
      socket.on("end", () => socket.end(`${length}:${"x".repeat(3_000_000)}`));
    }),
  );
  const answers = await Promise.all([1, 2, 3].map((times) => asked(port, Buffer.alloc(times * 2_000_000, "y"))));
  expect(answers.map((answer) => [answer.split(":")[0], answer.length])).toEqual([
    ["2000000", 3_000_008],
    ["4000000", 3_000_008],
    ["6000000", 3_000_008],
  ]);
});

test("hundreds of connections at a time are all served, and one that waits does not keep the others", async () => {
  const { port } = await published(await service("127.0.0.1", (socket) => socket.once("data", (chunk) => socket.end(chunk))));
  const waiting = connect(port, "127.0.0.1");
  ends.push(() => waiting.destroy());
  await once(waiting, "connect");
  const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => asked(port, `n${index}`)));
  expect(answers).toEqual(Array.from({ length: 300 }, (_, index) => `n${index}`));
});

test("where nobody listens the connection is reset, and what another address serves is reached once it is told of it", async () => {
  const port = await service("127.0.0.2", (socket) => socket.end("second"));
  const { port: front, forwarder } = await published(port);
  await expect(asked(front, "hello")).rejects.toMatchObject({ code: "ECONNRESET" });
  forwarder.retarget("127.0.0.2");
  await expect.poll(() => asked(front, "").catch(() => "none")).toBe("second");
});

test("a port that somebody has is busy, and one whose forwarder is closed is free", async () => {
  const { port, forwarder } = await published(1);
  expect(() => listeningSocket("127.0.0.1", port)).toThrow(expect.objectContaining({ code: "EADDRINUSE" }) as Error);
  await forwarder.close();
  await expect
    .poll(() => {
      try {
        ends.push(closing(listeningSocket("127.0.0.1", port)));
        return "free";
      } catch {
        return "busy";
      }
    })
    .toBe("free");
});

function closing(fd: number): () => void {
  const holder = createServer().listen({ fd });
  return () => void holder.close();
}
