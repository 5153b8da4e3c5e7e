import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConflictError, NotFoundError, UnavailableError } from "../../../../src/base/errors.ts";
import { UnixClient } from "../../../../src/docker/client/unix-client.ts";

let folder: string;
let server: Server;

async function daemon(answer: RequestListener): Promise<UnixClient> {
  server.on("request", answer);
  const socket = join(folder, "docker.sock");
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  return new UnixClient(`unix://${socket}`);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-client-"));
  server = createServer();
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test("nobody at the socket is told in docker's words", async () => {
  const error = await new UnixClient("unix:///nowhere/docker.sock").ping().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(String(error)).toContain("Cannot connect to the Docker daemon at unix:///nowhere/docker.sock. Is the docker daemon running?");
});

test("names are encoded, false and empty parameters left out, filters sent as a map", async () => {
  const asked: string[] = [];
  const client = await daemon((request, response) => {
    asked.push(decodeURIComponent(`${request.method} ${request.url}`));
    response.end("[]");
  });
  await client.listContainers({ all: true, size: false, filters: { name: ["a b"] } });
  await client.imageHistory("host:5000/team/app:1");
  await client.stopContainer("/web", { timeout: 0 });
  await client.renameContainer("a?b", "c&d");
  expect(asked).toEqual([
    'GET /containers/json?all=1&filters={"name":{"a+b":true}}',
    "GET /images/host:5000/team/app:1/history",
    "POST /containers/web/stop?t=0",
    "POST /containers/a?b/rename?name=c&d",
  ]);
});

test("the daemon's refusal becomes an error of its class with its message, and 304 is success", async () => {
  const client = await daemon((request, response) => {
    response.statusCode = request.url?.includes("gone") ? 404 : request.method === "DELETE" ? 409 : 304;
    response.end(response.statusCode === 304 ? undefined : JSON.stringify({ message: "because" }));
  });
  await expect(client.inspectContainer("gone")).rejects.toThrow(new NotFoundError("because"));
  await expect(client.removeContainer("busy")).rejects.toThrow(new ConflictError("because"));
  await expect(client.startContainer("running")).resolves.toBeUndefined();
});

test("a refusal is heard although the upload goes on", async () => {
  const client = await daemon((_request, response) => {
    response.writeHead(404, { connection: "close" }).end('{"message":"No such container: x"}');
  });
  await expect(client.putArchive("x", "/", new PassThrough())).rejects.toThrow("No such container: x");
});

test("an upload that breaks on our side fails with its own reason", async () => {
  const client = await daemon((request) => void request.resume());
  const broken = Readable.from(
    (async function* () {
      yield await Promise.resolve(Buffer.from("half"));
      throw new Error("disk is gone");
    })(),
  );
  await expect(client.putArchive("x", "/", broken)).rejects.toThrow("disk is gone");
});

test("messages arrive one by one, also when the connection cuts them, and a signal ends the stream", async () => {
  const client = await daemon((_request, response) => {
    response.write('{"status":"o');
    response.write('ne"}\r\n{"status":"zwei ✓"}\r\n');
  });
  const abort = new AbortController();
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const message of await client.pullImage({ image: "busybox", tag: "latest" }, abort.signal)) {
      seen.push(message);
      if (seen.length === 2) abort.abort();
    }
  })();
  await expect(reading).rejects.toThrow("aborted");
  expect(seen).toEqual([{ status: "one" }, { status: "zwei ✓" }]);
});

test("a hijacked stream can be closed one way while the other way still flows", async () => {
  const client = await daemon(() => undefined);
  server.on("upgrade", (_request, socket) => {
    socket.write(
      "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nhead;",
    );
    let heard = "";
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    socket.on("end", () => socket.end(`heard ${heard}`));
  });
  const { stream, contentType } = await client.attachContainer("x", { stream: true, stdin: true });
  stream.end("all of it");
  expect(await text(stream)).toBe("head;heard all of it");
  expect(contentType).toBe("application/vnd.docker.raw-stream");
});

test("a refused hijack tells its status as docker does, with the daemon's message as its cause", async () => {
  const client = await daemon(() => undefined);
  server.on("upgrade", (_request, socket) => {
    socket.end('HTTP/1.1 409 Conflict\r\nContent-Length: 33\r\nConnection: close\r\n\r\n{"message":"container is paused"}');
  });
  const refusal: unknown = await client.startExec("x", { tty: false, consoleSize: null }).catch((error: unknown) => error);
  const cause = new ConflictError("container is paused");
  expect(refusal).toEqual(new ConflictError("unable to upgrade to tcp, received 409", { cause }));
});

test("an answer without an end is refused, and its connection closed: a list, an event, a refusal", async () => {
  let left = 0;
  const client = await daemon((request, response) => {
    response.statusCode = request.url?.includes("refused") ? 500 : 200;
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(256 * 1024, " ");
      })(),
    );
    endless.pipe(response);
    response.on("close", () => {
      endless.destroy();
      left += 1;
    });
  });
  const tooLarge = "the daemon's answer is larger than 33554432 bytes";
  await expect(client.listContainers({ all: true })).rejects.toThrow(tooLarge);
  await expect(client.inspectContainer("refused")).rejects.toThrow(tooLarge);
  const events = async (): Promise<void> => {
    for await (const event of await client.events({})) expect(event).toBeUndefined();
  };
  await expect(events()).rejects.toThrow(tooLarge);
  await expect.poll(() => left).toBe(3);
});
