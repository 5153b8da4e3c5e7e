import { createConnection } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasErrno } from "../../../src/base/errors.ts";
import { askApi, jsonValues } from "../../support/api/raw-api.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";

/** Bodies that no create request may be. */
const BAD_BODIES: readonly string[] = [
  "{",
  "hello",
  "[1]",
  '"x"',
  '{"Image":"busybox"} trailing',
  ...[
    '"Image":5',
    '"Cmd":5',
    '"Env":"x"',
    '"Healthcheck":{"Test":5}',
    '"Volumes":5',
    '"Labels":{"a":5}',
    '"StopTimeout":1.5',
    '"StopTimeout":1e30',
    '"NetworkingConfig":5',
    '"NetworkingConfig":{"EndpointsConfig":5}',
    '"NetworkingConfig":{"EndpointsConfig":{"bridge":5}}',
    '"NetworkingConfig":{"EndpointsConfig":{"bridge":{"Aliases":{}}}}',
    '"HostConfig":5',
    '"HostConfig":{"PortBindings":5}',
    '"HostConfig":{"PortBindings":{"80/tcp":5}}',
    '"HostConfig":{"PortBindings":{"80/tcp":[5]}}',
    '"HostConfig":{"PortBindings":{"x":[{}]}}',
    '"HostConfig":{"Binds":5}',
    '"HostConfig":{"Mounts":[5]}',
    '"HostConfig":{"Mounts":[{"Type":5}]}',
    '"HostConfig":{"Mounts":[{"Type":"volume","Target":"/x","VolumeOptions":{"Labels":[]}}]}',
    '"HostConfig":{"RestartPolicy":{"Name":5}}',
    '"HostConfig":{"Ulimits":[{"Name":5}]}',
    '"HostConfig":{"LogConfig":{"Type":5}}',
    '"HostConfig":{"Devices":[5]}',
  ].map((fields) => `{"Image":"busybox","Cmd":["true"],${fields}}`),
];

describe.skipIf(!isBuilt || !hasNamespaces)("clients that mean no good (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const json = { "content-type": "application/json" };
  const ask = async (
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = json,
  ): Promise<readonly [number, unknown]> => {
    const answer = await askApi(engine.socket, method, path, { headers, ...(body !== undefined && { body: Buffer.from(body) }) });
    const [first] = jsonValues(answer) as ({ message?: unknown } | undefined)[];
    return [answer.status, first?.message ?? first];
  };
  /** Sends bytes as they are, ends its side when told to, and reads what comes. */
  /** What the engine answers; `reset` when it closed the connection while this was still sending, before the answer was read. */
  const send = async (bytes: string, { end = false } = {}): Promise<string> => {
    const socket = createConnection({ path: engine.socket, allowHalfOpen: true });
    if (end) socket.end(bytes);
    else socket.write(bytes);
    return await text(socket).catch((error: unknown) => {
      if (hasErrno(error, "ECONNRESET") || hasErrno(error, "EPIPE")) return "reset";
      throw error;
    });
  };

  test.each(BAD_BODIES)("a request to create a container that is %s is refused with one sentence, and nothing is made", async (body) => {
    const [status, message] = await ask("POST", "/containers/create", body);
    expect([status, typeof message]).toEqual([400, "string"]);
    expect(message).not.toMatch(/undefined|is not a function|TypeError|\[object/);
    expect(await ask("GET", "/containers/json?all=1")).toEqual([200, []]);
  });

  test.each([
    ["POST", "/containers/create", "hello", "invalid JSON: invalid character 'h' looking for beginning of value"],
    ["POST", "/containers/create", '{"Image":"busybox"} x', "unexpected content after JSON"],
    ["POST", "/networks/create", "{}", "invalid name: "],
    [
      "POST",
      "/networks/create",
      '{"Name":"n","IPAM":{"Config":5}}',
      "invalid JSON: json: cannot unmarshal number into Go struct field NetworkCreateRequest.IPAM.Config of type []network.IPAMConfig",
    ],
    [
      "POST",
      "/volumes/create",
      '{"Name":5}',
      "invalid JSON: json: cannot unmarshal number into Go struct field VolumeCreateRequest.Name of type string",
    ],
    ["GET", "/containers/json?limit=x", undefined, 'strconv.Atoi: parsing "x": invalid syntax'],
    ["GET", "/containers/json?filters=x", undefined, "invalid filter"],
    ["GET", `/images/json?filters=${encodeURIComponent('{"label":{"a":5}}')}`, undefined, "invalid filter"],
    ["GET", `/networks?filters=${encodeURIComponent('{"a":["b"]}')}`, undefined, "Invalid filter 'a'"],
    ["GET", "/events?since=x", undefined, 'failed to parse value as time or duration: "x"'],
    ["GET", "/images/search?term=a&limit=200", undefined, "Limit 200 is outside the range of [1, 100]"],
    ["GET", "/system/df?type=odd", undefined, "unknown object type: odd"],
    [
      "GET",
      "/v1.23/info",
      undefined,
      "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version",
    ],
    ["GET", "/v1.48/info", undefined, "client version 1.48 is too new. Maximum supported API version is 1.47"],
    ["GET", "/v2.0/info", undefined, "client version 2.0 is too new. Maximum supported API version is 1.47"],
  ] as const)("%s %s with %s is told what is wrong", async (method, path, body, expected) => {
    const [status, message] = await ask(method, path, body);
    expect([status, message]).toEqual([400, expected]);
  });

  test("a body of another kind than JSON is refused, one of no kind is read", async () => {
    const [status, message] = await ask("POST", "/volumes/create", "{}", { "content-type": "text/plain" });
    expect([status, message]).toEqual([400, "unsupported Content-Type header (text/plain): must be 'application/json'"]);
    expect((await ask("POST", "/containers/create", "{", {}))[0]).toBe(400);
  });

  test("long headers are taken as by Docker, far too long ones refused, and so are bytes that are no HTTP", async () => {
    expect((await ask("GET", "/version", undefined, { "x-registry-config": "a".repeat(200_000) }))[0]).toBe(200);
    expect(await send(`GET /_ping HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(1 << 21)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 |^reset$/);
    expect((await ask("GET", "/version"))[0]).toBe(200);
    expect(await send("nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await send("POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await send("POST /containers/create HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")).toMatch(
      /^HTTP\/1\.1 400 |^$/,
    );
  });

  test("bodies cut short leave nothing, and the engine goes on", async () => {
    const head = (path: string, type: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 100000\r\n\r\n`;
    await send(`${head("/containers/create", "application/json")}{"Image":"busy`, { end: true });
    await send(`${head("/images/load", "application/x-tar")}half`, { end: true });
    await send(`${head("/build", "application/x-tar")}half`, { end: true });
    await send(`${head("/images/create?fromSrc=-", "application/x-tar")}half`, { end: true });
    const gone = createConnection(engine.socket);
    gone.write(`${head("/images/load", "application/x-tar")}${"x".repeat(5000)}`, () => gone.destroy());
    await new Promise((resolve) => gone.once("close", resolve));
    expect(await ask("GET", "/containers/json?all=1")).toEqual([200, []]);
    expect((await askApi(engine.socket, "GET", "/images/json")).body.toString()).not.toContain("<none>");
    expect((await ask("GET", "/info"))[0]).toBe(200);
  });
});
