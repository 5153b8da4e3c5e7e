import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import type { RegistryAuth } from "../../../../../src/docker/api/engine.ts";
import { digestOf } from "../../../../../src/oci/digest.ts";
import { mediaTypes } from "../../../../../src/oci/manifest.ts";
import { parseReference } from "../../../../../src/oci/reference.ts";
import type { Repository } from "../../../../../src/runtime/images/registry-client.ts";
import { HttpRegistry } from "../../../../../src/runtime/images/registry/http-registry.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Where a server answers so. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function repository(name: string, auth: RegistryAuth | null = null): Repository {
  return new HttpRegistry({ hub: false }).repository(parseReference(name), auth, new AbortController().signal);
}

const layer = Buffer.alloc(5000, "layer");
const blob = { mediaType: mediaTypes.layerGzip, digest: digestOf(layer), size: layer.length };
const config = { mediaType: mediaTypes.config, digest: digestOf("{}"), size: 2 };
const manifest = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [blob] });

/** Answers `/v2/` and the manifest `app:1`. */
function answer(body: string | Buffer, type: string = mediaTypes.manifest): RequestListener {
  return ({ url }, response) => {
    if (url === "/v2/") response.end();
    else response.setHeader("content-type", type).end(body);
  };
}

test("a token is fetched for the scope at hand with the user's password, and used again", async () => {
  const asked: string[] = [];
  const authorizations = new Set<string | undefined>();
  const realm = await serve(({ url = "", headers }, response) => {
    asked.push(`${url} ${headers.authorization}`);
    response.end(JSON.stringify({ token: "t0ken" }));
  });
  const host = await serve((request, response) => {
    if (request.headers.authorization !== "Bearer t0ken") {
      response.setHeader("www-authenticate", `Bearer realm="http://${realm}/token",service="s"`);
      response.writeHead(401).end();
      return;
    }
    authorizations.add(request.headers.authorization);
    answer(request.url?.includes("blobs") ? layer : manifest)(request, response);
  });
  const remote = repository(`${host}/app:1`, { username: "u", password: "p" });
  expect((await remote.manifest("")).digest).toBe(digestOf(manifest));
  expect(await buffer(remote.blob(blob))).toEqual(layer);
  expect(asked).toEqual(["/token?service=s&scope=repository%3Aapp%3Apull&account=u Basic dTpw"]);
  expect([...authorizations]).toEqual(["Bearer t0ken"]);
});

test("credentials do not follow a redirect to another host", async () => {
  const seen: IncomingMessage["headers"][] = [];
  const elsewhere = await serve(({ headers }, response) => {
    seen.push(headers);
    response.end(layer);
  });
  const host = await serve(({ url, headers }, response) => {
    if (headers.authorization === undefined) response.setHeader("www-authenticate", "Basic realm=x").writeHead(401).end();
    else if (url === "/v2/") response.end();
    else response.writeHead(307, { location: `http://${elsewhere}/blob` }).end();
  });
  expect(await buffer(repository(`${host}/app:1`, { username: "u", password: "p" }).blob(blob))).toEqual(layer);
  expect(seen).toHaveLength(1);
  expect(seen[0]).not.toHaveProperty("authorization");
});

test("of an index the platform's image is taken, and the index's digest is the image's", async () => {
  const platform = { os: "linux", architecture: "s390x" };
  const entry = { mediaType: mediaTypes.manifest, digest: digestOf(manifest), size: manifest.length, platform };
  const index = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [entry] });
  const host = await serve((request, response) => {
    if (request.url?.endsWith("/1")) answer(index, mediaTypes.index)(request, response);
    else answer(manifest)(request, response);
  });
  const remote = await repository(`${host}/app:1`).manifest("linux/s390x");
  expect(remote).toMatchObject({ digest: digestOf(index), descriptor: { digest: digestOf(manifest) }, manifest: { layers: [blob] } });
  await expect(repository(`${host}/app:1`).manifest("linux/mips")).rejects.toThrow("no matching manifest for linux/mips");
});

test.each([
  ["no JSON", "<html>", "invalid manifest: it is no JSON"],
  ["both kinds at once", JSON.stringify({ ...JSON.parse(manifest), manifests: [] }), "both an image and an index"],
  ["a negative size", manifest.replace('"size":5000', '"size":-1'), "-1 is no size"],
  ["a path for a digest", manifest.replace(blob.digest, "sha256:../../etc/passwd"), "invalid digest"],
  ["another kind of thing", manifest.replace(mediaTypes.config, "application/vnd.cncf.helm.config.v1+json"), "helm"],
  ["no end", Buffer.alloc((4 << 20) + 1, " "), "answers with more than 4194304 bytes"],
])("a manifest with %s is refused", async (_, body, words) => {
  const host = await serve(answer(body));
  await expect(repository(`${host}/app:1`).manifest("")).rejects.toThrow(words);
});

test("a manifest that is not what its digest says is refused", async () => {
  const host = await serve(answer(manifest));
  const digest = digestOf("another");
  await expect(repository(`${host}/app@${digest}`).manifest("")).rejects.toThrow(`manifest verification failed for digest ${digest}`);
});

test("a registry that knows no ranges sends a broken blob once more, and what comes too long is refused", async () => {
  let requests = 0;
  const host = await serve(({ url }, response) => {
    if (url === "/v2/") response.end();
    else if (url?.includes("long")) response.end(Buffer.concat([layer, layer]));
    else if (++requests > 1) response.end(layer);
    else {
      response.setHeader("content-length", layer.length);
      response.write(layer.subarray(0, 3000), () => response.destroy());
    }
  });
  expect(await buffer(repository(`${host}/app:1`).blob(blob))).toEqual(layer);
  expect(requests).toBe(2);
  await expect(buffer(repository(`${host}/long:1`).blob(blob))).rejects.toThrow(`verification failed for digest ${blob.digest}`);
});

test("a registry that has too much to do is asked again when it says, for manifests, blobs and uploads", async () => {
  const refused = new Map<string, number>();
  const host = await serve((request, response) => {
    const { method, url = "" } = request;
    const what = `${method} ${url.replace(/[^/]*$/, "")}`;
    const times = refused.get(what) ?? 0;
    request.resume().on("end", () => {
      if (url !== "/v2/" && times < 2) {
        refused.set(what, times + 1);
        response.writeHead(times === 0 ? 429 : 503, { "retry-after": times === 0 ? "0" : new Date(0).toUTCString() }).end();
      } else if (method === "POST" || method === "PATCH") response.writeHead(202, { location: `${url}x` }).end();
      else if (method === "PUT") response.writeHead(201).end();
      else answer(url.includes("blobs") ? layer : manifest)(request, response);
    });
  });
  const remote = repository(`${host}/app:1`);
  expect((await remote.manifest("")).digest).toBe(digestOf(manifest));
  expect(await buffer(remote.blob(blob))).toEqual(layer);
  const retries: number[] = [];
  const uploaded = await remote.upload(async () => Readable.from([layer]), { onRetry: (delay) => retries.push(delay) });
  expect(uploaded).toEqual({ digest: digestOf(layer), size: layer.length });
  // What streams is opened anew, and the user told of it.
  expect(retries).toEqual([200, 1000]);
  expect([...refused.keys()]).toEqual([
    "GET /v2/app/manifests/",
    "GET /v2/app/blobs/",
    "POST /v2/app/blobs/uploads/",
    "PATCH /v2/app/blobs/uploads/",
    "PUT /v2/app/blobs/uploads/",
  ]);
});

test("a registry that says no more than that it has too much to do, or for too long, is not waited for", async () => {
  const host = await serve(({ url }, response) => {
    response.writeHead(url === "/v2/" ? 200 : 429, url?.includes("later") ? { "retry-after": "3600" } : {}).end();
  });
  await expect(repository(`${host}/app:1`).manifest("")).rejects.toThrow("429 Too Many Requests");
  await expect(repository(`${host}/app:later`).manifest("")).rejects.toThrow("429 Too Many Requests");
});

test.each([
  ["to itself", (url: string) => url, "stopped after 5 redirects"],
  ["to another protocol", () => "file:///etc/passwd", "refusing to follow the redirect"],
  ["to nowhere", () => "http://[", "refusing to follow the redirect"],
])("a redirect %s is one clear error", async (_, to, words) => {
  let requests = 0;
  const host = await serve(({ url = "" }, response) => {
    requests++;
    response.writeHead(url === "/v2/" ? 200 : 307, { location: to(url) }).end();
  });
  await expect(repository(`${host}/app:1`).manifest("")).rejects.toThrow(words);
  expect(requests).toBeLessThanOrEqual(7);
});

test("a registry's refusal is repeated without what a terminal would obey", async () => {
  const errors = [{ code: "DENIED", message: "no\u001b[2Jway" }];
  const host = await serve(({ url }, response) => {
    response.writeHead(url === "/v2/" ? 200 : 403).end(JSON.stringify({ errors }));
  });
  await expect(repository(`${host}/app:1`).manifest("")).rejects.toThrow(
    `pull access denied for ${host}/app, repository does not exist or may require 'docker login': denied: no [2Jway`,
  );
});
