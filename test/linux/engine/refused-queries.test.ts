import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askApi, jsonValues } from "../../support/api/raw-api.ts";
import { startTestEngine, type TestEngine } from "../../support/engine.ts";
import { hasNamespaces, isBuilt } from "../../support/engine-allowed.ts";
import { pack } from "tar-stream";
import { buffer } from "node:stream/consumers";

const notManager = /^This node is not a swarm manager\./;
/** What dockerd refuses too, in its words; the rest no engine of ours can do. */
const REFUSED: readonly (readonly [request: string, body: object | null, status: number, message: string | RegExp])[] = [
  ["GET /networks/bridge?scope=swarm", null, 404, "network bridge not found"],
  ["GET /networks/bridge?verbose=x", null, 400, 'invalid value for verbose: x: strconv.ParseBool: parsing "x": invalid syntax'],
  ["POST /networks/create", { Name: "refused", Attachable: "x" }, 400, /NetworkCreateRequest\.Attachable of type bool/],
  ["POST /networks/create", { Name: "refused", Ingress: "x" }, 400, /NetworkCreateRequest\.Ingress of type bool/],
  ["POST /networks/create", { Name: "refused", ConfigFrom: { Network: 5 } }, 400, /Network of type string/],
  ["PUT /volumes/any?version=1", {}, 503, notManager],
  ["POST /volumes/create", { Name: "refused", ClusterVolumeSpec: { Group: "a" } }, 503, notManager],
  ["POST /containers/nosuch/start?checkpoint=x", null, 400, "checkpoint is only supported in experimental mode"],
  [`GET /images/search?term=x&filters=${encodeURIComponent('{"x":["y"]}')}`, null, 400, "Invalid filter 'x'"],
  [`GET /plugins?filters=${encodeURIComponent('{"x":["y"]}')}`, null, 400, "Invalid filter 'x'"],
  ["POST /plugins/any/thing/enable", null, 404, 'plugin "any/thing" not found'],
  ["POST /build?version=9", null, 400, 'invalid version "9"'],
  ["POST /build?squash=1", null, 400, "squash is only supported with experimental mode"],
  ["POST /build?isolation=hyperv", null, 400, 'Unsupported isolation: "hyperv"'],
  ["POST /build?securityopt=a", null, 400, /does not support setting security options on build/],
  ["POST /build?cachefrom=x", null, 400, 'invalid cachefrom "x"'],
  ["POST /build?cpushares=x", null, 400, 'strconv.Atoi: parsing "x": invalid syntax'],
  ["POST /build?cgroupparent=x", null, 501, /not supported by this engine/],
  ["POST /build?outputs=%5B%7B%7D%5D", null, 501, /not supported by this engine/],
];

describe.skipIf(!isBuilt || !hasNamespaces)("what a request asks that is not done here (needs a build, and user namespaces)", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  test("is refused by its name, and nothing is made", async () => {
    for (const [request, body, status, message] of REFUSED) {
      const [method = "", path = ""] = request.split(" ");
      const answer = await askApi(engine.socket, method, path, body === null ? {} : { body });
      const [told] = jsonValues(answer) as [{ message: string }];
      const isAsExpected = typeof message === "string" ? told.message === message : message.test(told.message);
      expect({ request, status: answer.status, message: told.message, isAsExpected }).toMatchObject({
        request,
        status,
        isAsExpected: true,
      });
    }
    expect((await engine.client.listNetworks({ name: ["refused"] })).length).toBe(0);
    expect((await engine.client.listVolumes()).Volumes).toEqual([]);
  });

  test("a build's cache and isolation that change nothing are taken, and images tell what they share when asked from 1.42 on", async () => {
    const context = pack();
    context.entry({ name: "Dockerfile" }, "FROM busybox\nRUN echo more > /file\n");
    context.finalize();
    const path = `/build?t=child:1&isolation=default&squash=0&cpushares=0&cachefrom=${encodeURIComponent('["nosuch"]')}`;
    const built = await askApi(engine.socket, "POST", path, {
      body: await buffer(context),
      headers: { "content-type": "application/x-tar" },
    });
    expect(built.status).toBe(200);
    expect(JSON.stringify(jsonValues(built))).toContain("Successfully built");
    const sizes = async (version: string, query: string): Promise<readonly number[]> => {
      const answer = await askApi(engine.socket, "GET", `/${version}/images/json${query}`);
      return (jsonValues(answer)[0] as { SharedSize: number }[]).map(({ SharedSize }) => SharedSize);
    };
    const { Size } = await engine.client.inspectImage("busybox");
    expect(await sizes("v1.42", "?shared-size=1")).toEqual([Size, Size]);
    expect(await sizes("v1.42", "")).toEqual([-1, -1]);
    expect(await sizes("v1.41", "?shared-size=1")).toEqual([-1, -1]);
  });
});
