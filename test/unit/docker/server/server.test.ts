import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConflictError, InternalError, NotFoundError, NotModifiedError } from "../../../../src/base/errors.ts";
import type { CommitOptions, Engine, StreamIo, StreamSession } from "../../../../src/docker/api/engine.ts";
import type { ContainerCreateRequest, Filters, JsonMessage } from "../../../../src/docker/api/types.ts";
import { demultiplex } from "../../../../src/docker/client/multiplexed-stream.ts";
import { UnixClient } from "../../../../src/docker/client/unix-client.ts";
import { EngineServer } from "../../../../src/docker/server/server.ts";
import { fakeEngine } from "../../../support/fake-engine.ts";

let folder: string;
let path: string;
let server: EngineServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-server-"));
  path = join(folder, "docker.sock");
});

afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(methods: Partial<Engine>): Promise<UnixClient> {
  server = new EngineServer(fakeEngine(methods), { version: "9.9" });
  await server.listen(path);
  return new UnixClient(`unix://${path}`);
}

/** Sends bytes as they stand and gives back the answer's, read to the connection's end. */
function raw(request: string): Promise<string> {
  return text(
    createConnection(path).on("connect", function (this: Socket) {
      this.write(request);
    }),
  );
}

const http = (line: string, body = "", ...headers: string[]): Promise<string> =>
  raw([`${line} HTTP/1.1`, "Host: x", "Connection: close", `Content-Length: ${body.length}`, ...headers, "", body].join("\r\n"));

const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);

function echoSession(tty: boolean): StreamSession {
  return {
    tty,
    async run({ stdin, stdout, stderr }: StreamIo) {
      stderr.write("ready\n");
      const heard = stdin ? await text(stdin) : "nothing";
      stdout.write(`heard ${heard}`);
      await new Promise((resolve) => stdout.write("", resolve));
    },
  };
}

test("ping tells the version, and every answer who gave it", async () => {
  const client = await serve({});
  expect(await client.ping()).toMatchObject({
    "api-version": "1.47",
    ostype: "linux",
    "docker-experimental": "false",
    "builder-version": "1",
    server: "Slipway/9.9 (linux)",
  });
});

test("versions out of range and unknown routes are refused in the daemon's words", async () => {
  await serve({});
  expect(bodyOf(await http("GET /v1.99/info"))).toBe(
    '{"message":"client version 1.99 is too new. Maximum supported API version is 1.47"}\n',
  );
  expect(bodyOf(await http("GET /v1.12/info"))).toBe(
    '{"message":"client version 1.12 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"}\n',
  );
  expect(await http("GET /v1.41/nonesuch")).toMatch(/^HTTP\/1\.1 404 [^]*\{"message":"page not found"\}\n$/);
  expect(await http("PUT /v1.41/info")).toMatch(/^HTTP\/1\.1 404 /);
  expect(await http("GET /v1.41/nodes")).toMatch(/^HTTP\/1\.1 503 [^]*This node is not a swarm manager/);
});

test("an error's class becomes a status, its message the answer", async () => {
  const client = await serve({
    startContainer: () => Promise.reject(new NotModifiedError("running")),
    removeContainer: () => Promise.reject(new ConflictError("it is running")),
    pauseContainer: () => Promise.reject(new NotFoundError("No such container: x")),
    unpauseContainer: () => Promise.reject(new TypeError("a bug")),
  });
  await expect(client.startContainer("x")).resolves.toBeUndefined();
  await expect(client.removeContainer("x")).rejects.toThrow(new ConflictError("it is running"));
  await expect(client.pauseContainer("x")).rejects.toThrow(new NotFoundError("No such container: x"));
  await expect(client.unpauseContainer("x")).rejects.toThrow(new InternalError("a bug"));
});

test("query parameters and both forms of filters reach the engine decoded", async () => {
  const seen: unknown[] = [];
  await serve({
    listContainers: (options) => Promise.resolve((seen.push(options), [])),
    stopContainer: (ref, options) => Promise.resolve(void seen.push(ref, options)),
    tagImage: (ref, options) => Promise.resolve(void seen.push(ref, options)),
  });
  const filters = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
  await http(`GET /v1.24/containers/json?all=True&limit=3&filters=${filters({ label: { "a=b": true, c: false } })}`);
  await http(`GET /containers/json?all=0&filters=${filters({ status: ["exited", "dead"] })}`);
  await http("POST /v1.41/containers/a%20b/stop?t=0");
  await http("POST /v1.41/images/host:5000/team/app:1/tag?repo=r&tag=t");
  expect(seen).toEqual([
    { all: true, limit: 3, size: false, filters: { label: ["a=b"] } satisfies Filters },
    { all: false, limit: 0, size: false, filters: { status: ["exited", "dead"] } satisfies Filters },
    "a b",
    { signal: "", timeout: 0 },
    "host:5000/team/app:1",
    { repo: "r", tag: "t" },
  ]);
  expect(await http("GET /containers/json?filters=nonsense")).toMatch(/^HTTP\/1\.1 400 [^]*\{"message":"invalid filter"\}/);
  expect(await http("POST /containers/x/stop?t=soon")).toMatch(/^HTTP\/1\.1 400 /);
});

test("a body that is no JSON, or of the wrong types, never reaches the engine", async () => {
  const seen: ContainerCreateRequest[] = [];
  await serve({ createContainer: (request) => Promise.resolve((seen.push(request), { Id: "1", Warnings: [] })) });
  const post = async (body: string): Promise<string> =>
    bodyOf(await http("POST /containers/create", body, "Content-Type: application/json"));
  expect(await post("hello")).toBe('{"message":"invalid JSON: invalid character \'h\' looking for beginning of value"}\n');
  expect(await post('{"Image":')).toBe('{"message":"invalid JSON: unexpected EOF"}\n');
  expect(await post("")).toBe('{"message":"config cannot be empty in order to create a container"}\n');
  expect(await post('{"Image":1}')).toContain("cannot unmarshal number into Go struct field ContainerConfig.Image of type string");
  expect(await post('{"HostConfig":{"Memory":"1g"}}')).toContain("Go struct field HostConfig.Memory of type int");
  expect(await post('{"Image":"busybox","Cmd":"true","Env":null}')).toBe('{"Id":"1","Warnings":[]}\n');
  expect(seen).toEqual([{ Image: "busybox", Cmd: ["true"], Env: null }]);
});

test("a body that is too large is refused while it is still coming, and the connection ends", async () => {
  await serve({});
  const answer = await raw(
    `POST /containers/create HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n900000\r\n${"x".repeat(0x900000)}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*request body too large/);
});

test("commit's pause is on unless it is switched off, and docker's empty config is none", async () => {
  const seen: CommitOptions[] = [];
  const client = await serve({ commitContainer: (options) => Promise.resolve((seen.push(options), { Id: "sha256:1" })) });
  await client.commitContainer({ container: "x", changes: ["CMD a", "ENV b=c"] });
  await client.commitContainer({ container: "x", pause: false });
  expect(seen.map(({ pause, changes, config }) => ({ pause, changes, config }))).toEqual([
    { pause: true, changes: ["CMD a", "ENV b=c"], config: null },
    { pause: false, changes: [], config: null },
  ]);
});

test("an attached client may close its side and still hears the rest, in frames", async () => {
  const client = await serve({ attachContainer: () => Promise.resolve(echoSession(false)) });
  const { stream, contentType } = await client.attachContainer("x", { stream: true, stdin: true, stdout: true, stderr: true });
  stream.end("hello");
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  await demultiplex(stream, { stdout, stderr });
  expect([stdout.end().read(), stderr.end().read()].map(String)).toEqual(["heard hello", "ready\n"]);
  expect(contentType).toBe("application/vnd.docker.multiplexed-stream");
});

test("exec start takes its request's body off the connection before the input begins, even when they come together", async () => {
  await serve({ startExec: () => Promise.resolve(echoSession(true)) });
  const body = JSON.stringify({ Detach: false, Tty: true });
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = createConnection({ path, allowHalfOpen: true });
    text(socket).then(resolve, reject);
    const head = `POST /v1.41/exec/1/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.end(`${head}${body}at once`);
  });
  expect(answer).toBe(
    "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nready\nheard at once",
  );
});

test("without an upgrade the output is the answer's body, to the connection's end", async () => {
  await serve({ attachContainer: () => Promise.resolve(echoSession(true)) });
  const answer = await http("POST /containers/x/attach?stream=1&stdout=1");
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).not.toMatch(/transfer-encoding|content-length/i);
  expect(bodyOf(answer)).toBe("ready\nheard nothing");
});

test("a session that cannot begin is refused with a status; one that fails on the way tells it in the stream", async () => {
  const client = await serve({
    attachContainer: () => Promise.reject(new ConflictError("you cannot attach to a stopped container, start it first")),
    startExec: () => Promise.resolve({ tty: false, run: () => Promise.reject(new Error("no such program")) }),
  });
  const cause = new ConflictError("you cannot attach to a stopped container, start it first");
  const refusal: unknown = await client.attachContainer("x", { stream: true }).catch((error: unknown) => error);
  expect(refusal).toEqual(new ConflictError("unable to upgrade to tcp, received 409", { cause }));
  const { stream } = await client.startExec("1", { tty: false, consoleSize: null });
  expect(await text(stream)).toBe("no such program\r\n");
});

test("wait answers its headers before the container has ended", async () => {
  let exit = (_code: number): void => undefined;
  const client = await serve({
    waitContainer: () => Promise.resolve({ result: new Promise((resolve) => (exit = (code) => resolve({ StatusCode: code }))) }),
  });
  const { result } = await client.waitContainer("x", "next-exit");
  exit(3);
  expect(await result).toEqual({ StatusCode: 3 });
});

test("a client that leaves aborts what it waited for", async () => {
  const aborted = new Promise<void>((resolve) => {
    void serve({
      containerLogs: () =>
        Promise.resolve({
          tty: true,
          run: ({ stdout, signal }) =>
            new Promise<void>((end) => {
              stdout.write("line\n");
              signal.addEventListener("abort", () => (resolve(), end()));
            }),
        }),
    }).then(async (client) => {
      const log = await client.containerLogs("x", { follow: true });
      log.once("data", () => log.destroy());
    });
  });
  await aborted;
});

test("progress flows line by line; an early error is a status, a late one the last message", async () => {
  const failing = async function* (messages: readonly JsonMessage[]): AsyncGenerator<JsonMessage> {
    yield* messages;
    throw await Promise.resolve(new NotFoundError("manifest unknown"));
  };
  const client = await serve({
    pullImage: ({ tag }) => failing(tag === "early" ? [] : [{ status: "Pulling" }]),
  });
  await expect(client.pullImage({ image: "busybox", tag: "early" })).rejects.toThrow(new NotFoundError("manifest unknown"));
  const messages: JsonMessage[] = [];
  for await (const message of await client.pullImage({ image: "busybox", tag: "late" })) messages.push(message);
  expect(messages).toEqual([{ status: "Pulling" }, { errorDetail: { message: "manifest unknown" }, error: "manifest unknown" }]);
});

test("a tar that breaks on its way breaks the connection, so that nobody takes it for whole", async () => {
  const client = await serve({
    exportContainer: (ref) =>
      Promise.resolve(
        Readable.from(
          (async function* () {
            if (ref !== "early") yield await Promise.resolve(Buffer.from("half"));
            throw new Error("disk is gone");
          })(),
        ),
      ),
  });
  await expect(client.exportContainer("early")).rejects.toThrow(new InternalError("disk is gone"));
  await expect(client.exportContainer("late").then((tar) => text(tar))).rejects.toThrow("aborted");
});

test("an uploaded tar arrives as it was sent, compressed or not, since whoever unpacks it watches how much it becomes", async () => {
  const client = await serve({
    async *loadImages(tar) {
      yield { stream: (await buffer(tar)).toString("base64") };
    },
  });
  const inside = async (upload: Buffer): Promise<JsonMessage[]> => {
    const messages: JsonMessage[] = [];
    for await (const message of await client.loadImages(Readable.from([upload]))) messages.push(message);
    return messages;
  };
  for (const upload of [gzipSync("a tar"), Buffer.from("a tar"), Buffer.from("\x1f"), Buffer.alloc(0)])
    expect(await inside(upload)).toEqual([{ stream: upload.toString("base64") }]);
});

test("closing the server ends every connection", async () => {
  const client = await serve({
    attachContainer: () =>
      Promise.resolve({ tty: true, run: ({ signal }) => new Promise((end) => signal.addEventListener("abort", () => end())) }),
  });
  const { stream } = await client.attachContainer("x", { stream: true, stdin: true });
  expect(server?.connections).toBe(1);
  await server?.close();
  expect(await text(stream)).toBe("");
});

test("answers that nobody reads are not all kept: the next is written when others were taken or their clients are gone", async () => {
  let written = 0;
  const big = { toJSON: () => ((written += 1), "x".repeat(10 << 20)) };
  let made = 0;
  const client = await serve({
    info: async () => ({ Name: big }),
    listNetworks: async () => ((made += 1), []),
  });
  const dial = async (line: string): Promise<Socket> => {
    const socket = createConnection(path).pause();
    await once(socket, "connect");
    socket.write(`GET ${line} HTTP/1.1\r\nHost: x\r\n\r\n`);
    return socket;
  };
  const greedy = await Promise.all(Array.from({ length: 10 }, () => dial("/info")));
  await expect.poll(() => [server?.requests, written]).toEqual([10, 4]);
  // Lists are not even made.
  const lists = await Promise.all(Array.from({ length: 10 }, () => dial("/networks")));
  await expect.poll(() => server?.requests).toBe(20);
  expect(made).toBe(0);
  const waiting = client.listNetworks();
  for (const socket of [...greedy, ...lists]) socket.destroy();
  expect(await waiting).toEqual([]);
  expect(written).toBeLessThan(10);
});

test("what a client asks ahead is served in its order, one at a time, and not at all once it is gone", async () => {
  const begun: string[] = [];
  const release: (() => void)[] = [];
  await serve({
    containerTop: async (name) => {
      begun.push(name);
      await new Promise<void>((resolve) => release.push(resolve));
      return { Titles: [name], Processes: [] };
    },
  });
  const ask = (names: string): string => [...names].map((name) => `GET /containers/${name}/top HTTP/1.1\r\nHost: x\r\n\r\n`).join("");
  const socket = createConnection(path);
  let answers = "";
  socket.on("data", (chunk) => (answers += String(chunk)));
  await once(socket, "connect");
  socket.write(ask("abcd"));
  for (const count of [1, 2]) {
    await expect.poll(() => begun.length).toBe(count);
    release.at(-1)?.();
  }
  await expect.poll(() => begun.join("")).toBe("abc");
  await expect.poll(() => [...answers.matchAll(/"Titles":\["(.)"\]/g)].map(([, name]) => name).join("")).toBe("ab");
  socket.destroy();
  await expect.poll(() => server?.connections).toBe(0);
  release.at(-1)?.();
  // Another's request comes after whatever would have come of those.
  const other = http("GET /containers/z/top");
  await expect.poll(() => begun.includes("z")).toBe(true);
  release.at(-1)?.();
  expect(bodyOf(await other)).toContain('"z"');
  expect(begun.join("")).toBe("abcz");
});
