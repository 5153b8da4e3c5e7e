import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RegistryAuth } from "../../src/docker/api/engine.ts";
import type { JsonMessage } from "../../src/docker/api/types.ts";
import { digestOf } from "../../src/oci/digest.ts";
import { BesideEngine, registryScript } from "../support/beside-engine.ts";
import { startTestEngine, type TestEngine } from "../support/engine.ts";
import { hasNamespaces, isBuilt } from "../support/engine-allowed.ts";
import { dockerArchive, messagesOf } from "../support/image-world.ts";
import { file } from "../support/tar-of.ts";

const programs = ["docker-registry", "skopeo", "openssl", "curl", "ip"].filter((name) => spawnSync(name, ["version"]).error !== undefined);
const why = programs.length === 0 ? "" : ` (skipped: no ${programs.join(", ")})`;

/** An address that is not this machine's own to Docker's rules, and is in the engine's network. */
const elsewhere = "10.9.9.9";

/** Gives tokens to `user` with the password `secret`, and to nobody else any that allows to push; signed as docker-registry wants them. */
const tokenServer = `
  const { createServer } = require("node:http");
  const { readFileSync } = require("node:fs");
  const { sign } = require("node:crypto");
  const key = readFileSync("/tmp/certs/key.pem");
  const x5c = [readFileSync("/tmp/certs/cert.pem", "utf8").replace(/-----[^-]+-----|\\s/g, "")];
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const given = request.headers.authorization;
    const isUser = given === "Basic " + Buffer.from("user:secret").toString("base64");
    console.log("token for", given === undefined ? "nobody" : isUser ? "user" : "a stranger", url.searchParams.getAll("scope").join(" "));
    if (given !== undefined && !isUser) return response.writeHead(401).end(JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "wrong password" }] }));
    const access = url.searchParams.getAll("scope").map((scope) => scope.split(":")).map(([type, name, actions]) =>
      ({ type, name, actions: actions.split(",").filter((action) => isUser || action === "pull") }));
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: "test", sub: isUser ? "user" : "", aud: url.searchParams.get("service"), exp: now + 60, nbf: now - 5, iat: now, jti: "1", access };
    const body = part({ typ: "JWT", alg: "RS256", x5c }) + "." + part(claims);
    response.end(JSON.stringify({ token: body + "." + sign("sha256", Buffer.from(body), key).toString("base64url") }));
  }).listen(5020, "127.0.0.1", () => console.log("listening on 5020"));
`;

describe.skipIf(!isBuilt || !hasNamespaces || programs.length > 0)(`registries of every kind${why}`, () => {
  let engine: TestEngine;
  let beside: BesideEngine;
  let tokenLog: () => string;
  const user = { username: "user", password: "secret" };

  beforeAll(async () => {
    process.env["SLIPWAY_INSECURE_REGISTRIES"] = `${elsewhere}:5010, registry.test:5010`;
    engine = await startTestEngine();
    delete process.env["SLIPWAY_INSECURE_REGISTRIES"];
    beside = new BesideEngine(engine);
    beside.run(`ip addr add ${elsewhere}/32 dev lo; mkdir certs; cd certs
      openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=test -addext subjectAltName=IP:${elsewhere} 2>/dev/null`);
    const trusted = join(engine.root, "certs.d", `${elsewhere}:5443`);
    mkdirSync(trusted, { recursive: true });
    copyFileSync(join(engine.root, "tmp/certs/cert.pem"), join(trusted, "ca.crt"));
    const tls = ", tls: {certificate: /tmp/certs/cert.pem, key: /tmp/certs/key.pem}";
    const token = '{realm: "http://127.0.0.1:5020/token", service: registry, issuer: test, rootcertbundle: /tmp/certs/cert.pem}';
    [tokenLog] = await Promise.all([
      beside.serve(`exec /run/slipway/bin/node -e '${tokenServer}'`),
      beside.serve(registryScript("plain", ":5010")),
      beside.serve(registryScript("trusted", ":5443", "", tls)),
      beside.serve(registryScript("stranger", ":5444", "", tls)),
      beside.serve(registryScript("asking", ":5445", "", tls.replace("}", ", clientcas: [/tmp/certs/cert.pem]}"))),
      beside.serve(registryScript("tokens", "127.0.0.1:5021", `auth: {token: ${token}}`)),
    ]);
  });

  afterAll(async () => {
    beside?.[Symbol.dispose]();
    await engine?.[Symbol.asyncDispose]();
  });

  async function push(name: string, as: string, auth: RegistryAuth | null = null): Promise<string> {
    const [, repo = "", tag = ""] = /^(.*):([^:]+)$/.exec(as) ?? [];
    await engine.client.tagImage(name, { repo, tag });
    return (await messagesOf(await engine.client.pushImage({ image: repo, tag, auth }))).join("\n");
  }

  async function pull(name: string, options: { auth?: RegistryAuth; platform?: string } = {}): Promise<string> {
    const [, image = "", , tag = ""] = /^(.*?)(@|:)([^:/]+|sha256:\w+)$/.exec(name) ?? [];
    return (await messagesOf(await engine.client.pullImage({ image, tag, ...options }))).join("\n");
  }

  test("one that wants tokens gets one for what is done, asked for with the user's password", async () => {
    await expect(push("busybox", "localhost:5021/app:1")).rejects.toThrow("denied: requested access to the resource is denied");
    await expect(push("busybox", "localhost:5021/app:1", { ...user, password: "wrong" })).rejects.toThrow("unauthorized: wrong password");
    expect(await push("busybox", "localhost:5021/app:1", user)).toContain("1: digest: sha256:");
    expect(await push("busybox", "localhost:5021/next:1", user)).toContain("Mounted from app");
    const { Id } = await engine.client.inspectImage("busybox");
    expect(await pull("localhost:5021/app:1", { auth: user })).toContain("Image is up to date");
    expect(await pull("localhost:5021/app:1")).toContain("Image is up to date");
    expect((await engine.client.inspectImage("localhost:5021/app:1")).Id).toBe(Id);
    expect(await engine.client.login("localhost:5021", user)).toMatchObject({ Status: "Login Succeeded" });
    await expect(engine.client.login("localhost:5021", { ...user, password: "wrong" })).rejects.toThrow("unauthorized: wrong password");
    const scopes = tokenLog().split("\n");
    expect(scopes).toContain("token for user repository:app:pull,push");
    expect(scopes).toContain("token for user repository:next:pull,push repository:app:pull");
    expect(scopes).toContain("token for nobody repository:app:pull");
  });

  test("plain HTTP is spoken to this machine and where it was named insecure, and nowhere else", async () => {
    expect(await push("busybox", `${elsewhere}:5010/app:1`)).toContain("1: digest: sha256:");
    expect(await pull("localhost:5010/app:1")).toContain("Downloaded newer image for localhost:5010/app:1");
    const port = await beside.serve(registryScript("other", ":5011"));
    await expect(pull(`${elsewhere}:5011/app:1`)).rejects.toThrow(
      `Get "https://${elsewhere}:5011/v2/": http: server gave HTTP response to HTTPS client`,
    );
    expect(port()).not.toContain("GET /v2/");
    const { RegistryConfig } = (await engine.client.info()) as { RegistryConfig?: Record<string, unknown> };
    expect(RegistryConfig).toMatchObject({
      InsecureRegistryCIDRs: ["127.0.0.0/8"],
      IndexConfigs: { [`${elsewhere}:5010`]: { Secure: false }, "docker.io": { Secure: true } },
    });
  });

  test("by TLS a certificate must be of an authority that is known, except this machine's own", async () => {
    expect(await push("busybox", `${elsewhere}:5443/app:1`)).toContain("1: digest: sha256:");
    await expect(push("busybox", `${elsewhere}:5444/app:1`)).rejects.toThrow(
      `Get "https://${elsewhere}:5444/v2/": x509: certificate signed by unknown authority`,
    );
    expect(await push("busybox", "localhost:5444/app:1")).toContain("1: digest: sha256:");
    expect(beside.run("ls stranger/docker/registry/v2/repositories")).toBe("app\n");
  });

  test("one that asks who comes is shown the certificate of its folder, and what is wrong with that is said", async () => {
    const folder = join(engine.root, "certs.d", `${elsewhere}:5445`);
    beside.run(`cd certs
      openssl req -newkey rsa:2048 -nodes -keyout client.key -out client.csr -subj /CN=client 2>/dev/null
      openssl x509 -req -in client.csr -CA cert.pem -CAkey key.pem -CAcreateserial -days 2 -out client.pem 2>/dev/null
      openssl req -x509 -newkey rsa:2048 -nodes -keyout stranger.key -out stranger.pem -days 2 -subj /CN=stranger 2>/dev/null
      chmod a+r client.key stranger.key`);
    /** Of the registry's folder only these files are left, each a copy of one of those. */
    const have = (files: Readonly<Record<string, string>>): void => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      for (const [name, from] of Object.entries({ "ca.crt": "cert.pem", ...files }))
        copyFileSync(join(engine.root, "tmp/certs", from), join(folder, name));
    };
    const complaint = async (files: Readonly<Record<string, string>>): Promise<string> => {
      have(files);
      return await push("busybox", `${elsewhere}:5445/app:1`).then(
        () => "none",
        (error: Error) => error.message,
      );
    };
    // A registry that hangs up may be heard before what it says of us.
    const refused =
      /^Get "https:\/\/10\.9\.9\.9:5445\/v2\/": (?:remote error: tls: bad certificate|.*broken pipe|.*connection reset by peer)$/;
    expect(await complaint({})).toMatch(refused);
    expect(await complaint({ "a.cert": "stranger.pem", "a.key": "stranger.key" })).toMatch(refused);
    expect(await complaint({ "a.cert": "client.pem" })).toBe(
      "missing key a.key for client certificate a.cert. Note that CA certificates should use the extension .crt",
    );
    expect(await complaint({ "a.key": "client.key" })).toBe("Missing client certificate a.cert for key a.key");
    expect(await complaint({ "a.cert": "client.pem", "a.key": "stranger.key" })).toBe("tls: private key does not match public key");
    expect(await complaint({ "a.cert": "client.pem", "a.key": "client.csr" })).toBe("tls: failed to find any PEM data in key input");
    expect(await complaint({ "a.cert": "client.csr", "a.key": "client.key" })).toBe(
      "tls: failed to find any PEM data in certificate input",
    );
    await expect(engine.client.login(`${elsewhere}:5445`, user)).rejects.toThrow("tls: failed to find any PEM data in certificate input");
    expect(await complaint({ "z.cert": "client.pem", "z.key": "client.key" })).toBe("none");
    // Of two it is the one that the folder's authority has signed.
    have({ "a.cert": "stranger.pem", "a.key": "stranger.key", "z.cert": "client.pem", "z.key": "client.key" });
    expect(await pull(`${elsewhere}:5445/app:1`)).toContain("Image is up to date");
    expect(await engine.client.login(`${elsewhere}:5445`, user)).toMatchObject({ Status: "Login Succeeded" });
  });

  test("of an OCI index and of a manifest list the machine's image is taken, or the one that is asked for", async () => {
    const client = engine.client;
    const parts: object[] = [];
    for (const architecture of ["amd64", "arm64"]) {
      const archive = dockerArchive(`multi:${architecture}`, [[file("for", architecture)]], { architecture });
      await messagesOf(await client.loadImages(Readable.from([archive])));
      const lines = await push(`multi:${architecture}`, `localhost:5010/multi:${architecture}`);
      const [, digest = "", size = ""] = /digest: (sha256:\w+) size: (\d+)/.exec(lines) ?? [];
      const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
      parts.push({ mediaType, digest, size: Number(size), platform: { os: "linux", architecture } });
      await client.removeImage((await client.inspectImage(`multi:${architecture}`)).Id, { force: true });
    }
    const put = (tag: string, mediaType: string): string => {
      const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests: parts });
      beside.run(
        `exec curl -sf -X PUT -H "Content-Type: ${mediaType}" --data-binary @- http://localhost:5010/v2/multi/manifests/${tag}`,
        body,
      );
      return digestOf(body);
    };
    const index = put("index", "application/vnd.oci.image.index.v1+json");
    const list = put("list", "application/vnd.docker.distribution.manifest.list.v2+json");
    const own = process.arch === "arm64" ? "arm64" : "amd64";
    expect(await pull("localhost:5010/multi:index")).toContain(`Digest: ${index}`);
    expect(await client.inspectImage("localhost:5010/multi:index")).toMatchObject({
      Architecture: own,
      RepoDigests: [`localhost:5010/multi@${index}`],
    });
    expect(await pull("localhost:5010/multi:list", { platform: "linux/arm64" })).toContain(`Digest: ${list}`);
    expect((await client.inspectImage("localhost:5010/multi:list")).Architecture).toBe("arm64");
    await pull(`localhost:5010/multi@${list}`, { platform: "linux/amd64" });
    expect((await client.inspectImage(`localhost:5010/multi@${list}`)).Architecture).toBe("amd64");
    const pushed = (architecture: string): Promise<AsyncIterable<JsonMessage>> =>
      client.pushImage({ image: "localhost:5010/multi", tag: "list", platform: { os: "linux", architecture } });
    expect((await messagesOf(await pushed("arm64"))).at(-2)).toContain("list: digest: sha256:");
    await expect(messagesOf(await pushed("s390x"))).rejects.toThrow(
      "image with reference localhost:5010/multi:list was found but does not match the specified platform: wanted linux/s390x, actual: linux/arm64",
    );
    await expect(pull("localhost:5010/multi:index", { platform: "linux/s390x" })).rejects.toThrow("no matching manifest for linux/s390x");
  });

  test("layers that skopeo compressed by zstd and by gzip come as the same layers, and what we push skopeo reads", async () => {
    const { Id, RootFS } = await engine.client.inspectImage("busybox");
    await push("busybox", "localhost:5010/box:ours");
    const copy = (to: string, how: string): string =>
      beside.run(
        `HOME=/tmp skopeo copy -q --insecure-policy --src-tls-verify=false --dest-tls-verify=false --remove-signatures ${how} docker://localhost:5010/box:ours ${to}`,
      );
    for (const kind of ["zstd", "gzip"]) {
      copy(`docker://localhost:5010/${kind}:1`, `--format oci --dest-compress-format ${kind} --dest-compress`);
      expect(
        beside.run(`curl -sf -H "Accept: application/vnd.oci.image.manifest.v1+json" localhost:5010/v2/${kind}/manifests/1`),
      ).toContain(`tar+${kind}`);
      await engine.client.removeImage((await engine.client.inspectImage("busybox")).Id, { force: true });
      expect(await pull(`localhost:5010/${kind}:1`)).toContain("Downloaded newer image");
      const pulled = await engine.client.inspectImage(`localhost:5010/${kind}:1`);
      expect({ ...pulled.RootFS }).toEqual(RootFS);
      await engine.client.tagImage(`localhost:5010/${kind}:1`, { repo: "busybox", tag: "latest" });
    }
    copy("docker-archive:/tmp/copy.tar:box:1", "");
    await messagesOf(await engine.client.loadImages(Readable.from([readFileSync(join(engine.root, "tmp/copy.tar"))])));
    expect((await engine.client.inspectImage("box:1")).Id).toBe(Id);
  });
});
