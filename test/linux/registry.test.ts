import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RegistryAuth } from "../../src/docker/api/engine.ts";
import { BesideEngine, registryScript } from "../support/beside-engine.ts";
import { misshapen } from "../support/api/answers.ts";
import { askApi, jsonValues } from "../support/api/raw-api.ts";
import { startTestEngine, type TestEngine } from "../support/engine.ts";
import { dockerArchive, messagesOf } from "../support/image-world.ts";
import { dir, file } from "../support/tar-of.ts";
import { hasNamespaces, isBuilt } from "../support/engine-allowed.ts";

const dist = join(import.meta.dirname, "../../dist/bin");
const installed = spawnSync("docker-registry", ["--version"]).status === 0;

/** Passes connections on to port 5000: on 5002 every one is cut after so many bytes of the answer, on 5003 the first with so many of a request. */
const cuttingProxy = `
  const net = require("node:net");
  const proxy = (port, from, limit) => net.createServer((client) => {
    const server = net.connect(5000, "127.0.0.1");
    const sockets = { client, server };
    let left = limit();
    for (const socket of [client, server]) socket.on("error", () => {}).on("close", () => { client.destroy(); server.destroy(); });
    const [to, back] = from === "server" ? [client, server] : [server, client];
    to.pipe(back);
    back.on("data", (chunk) => {
      if (left > chunk.length) { to.write(chunk); left -= chunk.length; return; }
      limit.cut?.();
      client.resetAndDestroy();
      server.destroy();
    });
  }).listen(port, "127.0.0.1");
  let isFirst = true;
  const once = () => isFirst ? 300_000 : Infinity;
  once.cut = () => { isFirst = false; };
  proxy(5002, "server", () => 300_000);
  proxy(5003, "client", once).on("listening", () => console.log("listening on 5003"));
`;

describe.skipIf(!isBuilt || !hasNamespaces || !installed)("a real registry (needs a build, user namespaces, and docker-registry)", () => {
  let engine: TestEngine;
  let beside: BesideEngine;
  let registryLog: () => string;

  beforeAll(async () => {
    engine = await startTestEngine();
    // Beside the engine, in its network, where all ports are free.
    beside = new BesideEngine(engine);
    [registryLog] = await Promise.all([
      beside.serve(registryScript("open", "127.0.0.1:5000")),
      beside.serve(registryScript("locked", "127.0.0.1:5001", "auth: {htpasswd: {realm: locked, path: /tmp/htpasswd}}")),
      beside.serve(`exec /run/slipway/bin/node -e '${cuttingProxy}'`),
    ]);
    const layers = [[dir("bin"), file("bin/one", "1")], [file("random", randomBytes(1_000_000))]];
    await messagesOf(await engine.client.loadImages(Readable.from([dockerArchive("app:1", layers)])));
  });

  afterAll(async () => {
    beside?.[Symbol.dispose]();
    await engine[Symbol.asyncDispose]();
  });

  async function push(name: string, as: string, auth: RegistryAuth | null = null): Promise<readonly string[]> {
    const [, repo = "", tag = ""] = /^(.*):([^:]+)$/.exec(as) ?? [];
    await engine.client.tagImage(name, { repo, tag });
    return await messagesOf(await engine.client.pushImage({ image: repo, tag, auth }));
  }

  async function pull(name: string, auth: RegistryAuth | null = null): Promise<readonly string[]> {
    const [, image = "", , tag = ""] = /^(.*?)(@|:)([^:/]+|sha256:\w+)$/.exec(name) ?? [];
    return await messagesOf(await engine.client.pullImage({ image, tag, auth }));
  }

  /** Bars come as the time has it. */
  const steady = (messages: readonly string[]): readonly string[] =>
    messages.filter((message) => !/: (?:Pushing|Downloading)$/.test(message)).map((message) => message.replace(/^[0-9a-f]{12}(?=:)/, "ID"));

  /** Removes an image with all of its names, layers and all. */
  async function forget(name: string): Promise<void> {
    await engine.client.removeImage((await engine.client.inspectImage(name)).Id, { force: true });
  }

  test("what is pushed comes back as the same image, with the digest that it got", async () => {
    const { Id, RootFS } = await engine.client.inspectImage("app:1");
    const pushed = steady(await push("app:1", "localhost:5000/app:1"));
    expect(pushed[0]).toBe("The push refers to repository [localhost:5000/app]");
    expect(pushed.filter((line) => line === "ID: Preparing")).toHaveLength(2);
    expect(pushed.filter((line) => line === "ID: Pushed")).toHaveLength(2);
    const [, digest = ""] = /^1: digest: (sha256:[0-9a-f]{64}) size: \d+$/.exec(pushed.at(-2) ?? "") ?? [];
    expect((await engine.client.inspectImage("localhost:5000/app:1")).RepoDigests).toEqual([`localhost:5000/app@${digest}`]);

    await forget("app:1");
    const pulled = steady(await pull("localhost:5000/app:1"));
    expect(pulled.slice(0, 3)).toEqual(["1: Pulling from app", "ID: Pulling fs layer", "ID: Pulling fs layer"]);
    expect(pulled.slice(-4)).toEqual([
      "ID: Pull complete",
      "ID: Pull complete",
      `Digest: ${digest}`,
      "Status: Downloaded newer image for localhost:5000/app:1",
    ]);
    const image = await engine.client.inspectImage("localhost:5000/app:1");
    expect(image).toMatchObject({ Id, RootFS, RepoDigests: [`localhost:5000/app@${digest}`] });
    expect((await pull("localhost:5000/app:1")).at(-1)).toBe("Status: Image is up to date for localhost:5000/app:1");

    await forget(Id);
    await pull(`localhost:5000/app@${digest}`);
    expect(await engine.client.inspectImage(`localhost:5000/app@${digest}`)).toMatchObject({ Id, RepoTags: [] });
    await engine.client.tagImage(Id, { repo: "app", tag: "1" });
  });

  test("a layer that the registry has is not sent again, nor to a neighbouring repository", async () => {
    const digestOf = (lines: readonly string[]): string => lines.find((line) => line.startsWith("1: digest: ")) ?? "";
    const first = await push("busybox", "localhost:5000/first:1");
    expect(steady(first)).toContain("ID: Pushed");
    const again = await push("busybox", "localhost:5000/first:1");
    expect(steady(again)).toContain("ID: Layer already exists");
    const second = await push("busybox", "localhost:5000/second:1");
    expect(steady(second)).toContain("ID: Mounted from first");
    await push("busybox", "localhost:5000/second:2");
    const all = await messagesOf(await engine.client.pullImage({ image: "localhost:5000/second", tag: "" }));
    expect(all.filter((line) => line.endsWith("Pulling from second")).toSorted()).toEqual([
      "1: Pulling from second",
      "2: Pulling from second",
    ]);
    expect(digestOf(again)).toBe(digestOf(first));
    expect(digestOf(second)).toBe(digestOf(first));
    // The registry tells of a request when it has answered it. Only the configuration was sent.
    const asked = (): readonly RegExpMatchArray[] => [...registryLog().matchAll(/ "(POST|PATCH) (\/v2\/second\/\S*) HTTP\/1\.1" (\d+)/g)];
    await expect
      .poll(() => ({
        mounted: asked().flatMap(([, , url = "", status]) => (url.includes("&from=first") ? [status] : [])),
        sent: asked().filter(([, method]) => method === "PATCH").length,
      }))
      .toEqual({ mounted: ["201"], sent: 1 });
  });

  test("what is not there, or nobody's, is told in Docker's words", async () => {
    await expect(pull("localhost:5000/app:none")).rejects.toThrow(
      "manifest for localhost:5000/app:none not found: manifest unknown: manifest unknown",
    );
    await expect(pull("localhost:5999/app:1")).rejects.toThrow(
      'Get "http://localhost:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
    );
    await expect(messagesOf(await engine.client.pushImage({ image: "localhost:5000/none", tag: "1" }))).rejects.toThrow(
      "An image does not exist locally with the tag: localhost:5000/none",
    );
  });

  test("a registry with a password wants the right one", async () => {
    const right = { username: "user", password: "secret" };
    const wrong = { username: "user", password: "wrong" };
    await expect(push("busybox", "localhost:5001/app:1")).rejects.toThrow("no basic auth credentials");
    await expect(push("busybox", "localhost:5001/app:1", wrong)).rejects.toThrow("unauthorized: authentication required");
    expect(steady(await push("busybox", "localhost:5001/app:1", right))).toContain("ID: Pushed");
    await expect(pull("localhost:5001/app:1")).rejects.toThrow(
      'Head "http://localhost:5001/v2/app/manifests/1": no basic auth credentials',
    );
    expect((await pull("localhost:5001/app:1", right)).at(-1)).toBe("Status: Image is up to date for localhost:5001/app:1");
  });

  test("what a registry has under a name is told without pulling it: descriptor and platforms, to whom it may be told", async () => {
    await push("busybox", "localhost:5001/told:1", { username: "user", password: "secret" });
    const pushed = (await engine.client.inspectImage("localhost:5001/told:1")).RepoDigests.find((each) =>
      each.startsWith("localhost:5001/told"),
    );
    await engine.client.removeImage("localhost:5001/told:1");
    const ask = async (name: string, credentials?: object): Promise<{ status: number; answer: unknown }> => {
      const text = credentials && Buffer.from(JSON.stringify(credentials)).toString("base64url");
      const headers = text === undefined ? {} : { "x-registry-auth": text };
      const answer = await askApi(engine.socket, "GET", `/v1.47/distribution/${name}/json`, { headers });
      expect(
        misshapen([{ route: "GET /distribution/{name}/json", path: name, status: answer.status, values: jsonValues(answer) }], 47),
      ).toEqual([]);
      return { status: answer.status, answer: jsonValues(answer)[0] };
    };
    const right = { username: "user", password: "secret", serveraddress: "localhost:5001" };
    const digest = pushed?.split("@")[1];
    const { Arch: architecture } = await engine.client.version();
    const found = {
      status: 200,
      answer: {
        Descriptor: { mediaType: "application/vnd.docker.distribution.manifest.v2+json", digest, size: expect.any(Number) as number },
        Platforms: [{ architecture, os: "linux" }],
      },
    };
    expect(await ask("localhost:5001/told:1", right)).toEqual(found);
    expect(await ask(`localhost:5001/told@${digest}`, right)).toEqual(found);
    const refused = (status: number, message: string): object => ({ status, answer: { message } });
    expect(await ask("localhost:5001/told:1", { ...right, password: "wrong" })).toEqual(
      refused(401, "unauthorized: authentication required"),
    );
    expect(await ask("localhost:5001/told:1")).toEqual(
      refused(500, 'Head "http://localhost:5001/v2/told/manifests/1": no basic auth credentials'),
    );
    expect(await ask("localhost:5001/told:none", right)).toEqual(refused(404, "manifest unknown: manifest unknown"));
    expect(await ask("localhost:5001/TOLD", right)).toEqual(
      refused(400, "invalid reference format: repository name (TOLD) must be lowercase"),
    );
    await expect(engine.client.inspectImage("localhost:5001/told:1")).rejects.toThrow("No such image");
  });

  test("docker login asks the registry, and pull and push then send what it keeps", () => {
    const home = mkdtempSync(join(tmpdir(), "slipway-login-"));
    const docker = (...args: readonly string[]) => {
      const env = { ...process.env, DOCKER_HOST: `unix://${engine.socket}`, DOCKER_CONFIG: home };
      return spawnSync(process.execPath, [join(dist, "docker.js"), ...args], {
        encoding: "utf8",
        env,
        input: args.includes("-u") ? "secret\n" : "",
      });
    };
    try {
      expect(docker("login", "-u", "nobody", "--password-stdin", "localhost:5001")).toMatchObject({
        status: 1,
        stderr: "Error response from daemon: login attempt to http://localhost:5001/v2/ failed with status: 401 Unauthorized\n",
      });
      expect(docker("login", "-u", "user", "--password-stdin", "localhost:5001")).toMatchObject({ status: 0, stdout: "Login Succeeded\n" });
      docker("tag", "busybox", "localhost:5001/login:1");
      expect(docker("push", "localhost:5001/login:1")).toMatchObject({ status: 0, stdout: expect.stringContaining("1: digest: sha256:") });
      expect(docker("rmi", "localhost:5001/login:1").status).toBe(0);
      expect(docker("pull", "-q", "localhost:5001/login:1")).toMatchObject({ status: 0, stdout: "localhost:5001/login:1\n" });
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test("a download goes on where its connection broke", async () => {
    const { Id } = await engine.client.inspectImage("app:1");
    await push("app:1", "localhost:5000/broken:1");
    await forget(Id);
    const pulled = steady(await pull("localhost:5002/broken:1"));
    expect(pulled).toContain("ID: Retrying in 1 second");
    expect((await engine.client.inspectImage("localhost:5002/broken:1")).Id).toBe(Id);
    await engine.client.tagImage(Id, { repo: "app", tag: "1" });
  });

  test("an upload whose connection breaks is begun again", async () => {
    const pushed = steady(await push("app:1", "localhost:5003/again:1"));
    expect(pushed).toContain("ID: Retrying in 1 second");
    expect(pushed.filter((line) => line === "ID: Pushed")).toHaveLength(2);
    expect((await pull("localhost:5000/again:1")).at(-1)).toBe("Status: Downloaded newer image for localhost:5000/again:1");
  });

  test("a layer with a wrong byte is refused, and nothing of the image stays", async () => {
    const layers = [[file("good", "1")], [file("bad", randomBytes(10_000))]];
    await messagesOf(await engine.client.loadImages(Readable.from([dockerArchive("bad:1", layers)])));
    await push("bad:1", "localhost:5000/bad:1");
    await forget("bad:1");
    const blobsHere = "ls /run/slipway/root/content/blobs/sha256";
    const before = beside.run(blobsHere);
    const blob = beside.run("find /tmp/open -name data -size +19 -size -22").trim();
    const hex = /\/([0-9a-f]{64})\/data$/.exec(blob)?.[1];
    beside.run(`printf X | dd of=${blob} bs=1 seek=5000 conv=notrunc status=none`);
    await expect(pull("localhost:5000/bad:1")).rejects.toThrow(`filesystem layer verification failed for digest sha256:${hex}`);
    await expect(engine.client.inspectImage("localhost:5000/bad:1")).rejects.toThrow("No such image");
    expect(beside.run(blobsHere)).toBe(before);
  });
});
