import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { digestOf } from "../../../../../src/oci/digest.ts";
import { mediaTypes } from "../../../../../src/oci/manifest.ts";
import { defaultUnpackLimits } from "../../../../../src/oci/tar/unpack-limits.ts";
import { HttpRegistry } from "../../../../../src/runtime/images/registry/http-registry.ts";
import { dockerArchive, ImageWorld, load, messagesOf } from "../../../../support/image-world.ts";
import { dir, file, tarOf } from "../../../../support/tar-of.ts";
import { treeOf } from "../../../../support/tree-of.ts";

const servers: Server[] = [];
const worlds: ImageWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world[Symbol.dispose]();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

const tar = tarOf(dir("bin"), file("bin/tool", "x".repeat(5000)));
const gzipped = gzipSync(tar);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What a registry can lie about; everything else is as it should be. */
interface Lies {
  /** The layer's tar, compressed. */
  readonly layer?: Buffer;
  /** What comes instead of the layer's blob. */
  readonly blob?: Buffer | Answer;
  readonly config?: object | string;
  readonly configBlob?: Buffer;
  readonly descriptor?: object;
  readonly configDescriptor?: object;
  readonly manifest?: object;
  readonly manifestBody?: Buffer | Answer;
  readonly layers?: number;
}

const send =
  (body: Buffer): Answer =>
  ({ headers }, response) => {
    const from = Number(/bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
    if (from > 0 && from >= body.length) response.writeHead(416).end();
    else
      response
        .writeHead(from > 0 ? 206 : 200, from > 0 ? { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` } : {})
        .end(body.subarray(from));
  };

const endless: Answer = (_, response) => {
  const more = (): void => {
    while (response.write(Buffer.alloc(65536, "x")));
  };
  response.on("drain", more).on("error", () => {});
  more();
};

const loop: Answer = ({ url = "" }, response) => void response.writeHead(307, { location: url }).end();

async function registryOf(lies: Lies): Promise<string> {
  const layer = lies.layer ?? gzipped;
  const config = Buffer.from(
    typeof lies.config === "string"
      ? lies.config
      : JSON.stringify({ os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: [digestOf(tar)] }, ...lies.config }),
  );
  const descriptor = { mediaType: mediaTypes.layerGzip, digest: digestOf(layer), size: layer.length, ...lies.descriptor };
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: digestOf(config), size: config.length, ...lies.configDescriptor },
    layers: Array.from({ length: lies.layers ?? 1 }, () => descriptor),
    ...lies.manifest,
  };
  const body = lies.manifestBody ?? Buffer.from(JSON.stringify(manifest));
  const answers: readonly (readonly [RegExp, Buffer | Answer])[] = [
    [/^\/v2\/$/, Buffer.from("{}")],
    [/\/manifests\//, body],
    [new RegExp(`/blobs/${digestOf(config)}$`), lies.configBlob ?? config],
    [/\/blobs\//, lies.blob ?? layer],
  ];
  const server = createServer((request, response) => {
    const found = answers.find(([pattern]) => pattern.test(request.url ?? ""))?.[1] ?? Buffer.alloc(0);
    if (request.url?.includes("manifests") === true) response.setHeader("content-type", mediaTypes.manifest);
    (typeof found === "function" ? found : send(found))(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A root that has an image already, and what pulling `app` from such a registry comes to. */
async function pulled(
  lies: Lies,
  tag = "1",
): Promise<{ readonly outcome: Promise<readonly string[]>; readonly unchanged: () => Promise<void> }> {
  const world = new ImageWorld();
  worlds.push(world);
  const limits = { ...defaultUnpackLimits, ratio: 100, ratioFrom: 100_000 };
  const { images } = await world.root("root", limits, new HttpRegistry({ hub: false }));
  await load(images, dockerArchive("good", [[file("good", "good")]]));
  const before = treeOf(world.folder);
  const image = `${await registryOf(lies)}/app`;
  const options = { image, tag, platform: "", auth: null };
  return {
    outcome: (async () => await messagesOf(images.pull(options)))(),
    unchanged: async () => {
      expect(treeOf(world.folder)).toEqual(before);
      expect((await images.all()).flatMap(({ repoTags }) => repoTags)).toEqual(["good:latest"]);
    },
  };
}

const other = gzipSync(tarOf(file("other", "x".repeat(5000))));
const bomb = gzipSync(tarOf(file("zeros", Buffer.alloc(3_000_000))));
const out = gzipSync(tarOf(file("../../../out", "x")));
const withLayer = (layer: Buffer, content: Buffer): Lies => ({
  layer,
  config: { rootfs: { type: "layers", diff_ids: [digestOf(content)] } },
});

test.each<[string, Lies, string | RegExp]>([
  ["another layer than it names", { blob: other, descriptor: { size: other.length } }, "filesystem layer verification failed for digest"],
  ["a layer without end", { blob: endless }, "filesystem layer verification failed for digest"],
  ["a layer shorter than it says", { descriptor: { size: gzipped.length + 100 } }, "received unexpected HTTP status: 416"],
  ["a layer longer than it says", { descriptor: { size: gzipped.length - 1 } }, "filesystem layer verification failed for digest"],
  ["a layer that it sends round in circles", { blob: loop }, "stopped after 5 redirects"],
  ["a layer that is no tar", withLayer(gzipSync("x".repeat(2000)), Buffer.from("x".repeat(2000))), "invalid tar header"],
  ["a layer that leads out", withLayer(out, tarOf(file("../../../out", "x"))), "outside of the archive's root"],
  ["a layer that is a bomb", withLayer(bomb, tarOf(file("zeros", Buffer.alloc(3_000_000)))), "more than 100 times its compressed size"],
  ["a layer of an unknown kind", { descriptor: { mediaType: "application/x-layer" } }, 'encountered media type "application/x-layer"'],
  ["a layer with a foreign digest", { descriptor: { digest: "md5:d41d8cd98f00b204e9800998ecf8427e" } }, "invalid"],
  [
    "a layer that its configuration does not know",
    { config: { rootfs: { type: "layers", diff_ids: [digestOf("x")] } } },
    "invalid diffID for layer 0",
  ],
  ["fewer layers than its configuration", { layers: 0 }, "layers length mismatch"],
  ["more layers than can be mounted", { layers: 126 }, "max depth exceeded"],
  [
    "another configuration than it names",
    { configBlob: Buffer.from("{}"), configDescriptor: { size: 2 } },
    "image config verification failed",
  ],
  ["a configuration of another size", { configDescriptor: { size: 1 } }, "verification failed"],
  ["a configuration larger than any", { configDescriptor: { size: 2 ** 40 } }, "the image's configuration is too large"],
  ["a configuration that is no JSON", { config: "<html>" }, "invalid image configuration"],
  ["a configuration that is null", { config: "null" }, /layers length mismatch|invalid image configuration/],
  ["a configuration of another kind", { configDescriptor: { mediaType: "text/plain" } }, 'encountered media type "text/plain"'],
  ["a manifest of Docker's first schema", { manifest: { schemaVersion: 1 } }, "unsupported manifest: schema version 1"],
  ["a manifest of an unknown kind", { manifest: { mediaType: "application/x" } }, 'unsupported manifest media type "application/x"'],
  ["a manifest that is an index as well", { manifest: { manifests: [] } }, "it is both an image and an index"],
  ["a manifest without end", { manifestBody: endless }, "answers with more than 4194304 bytes"],
  ["a manifest that it sends round in circles", { manifestBody: loop }, "stopped after 5 redirects"],
  ["a page for a manifest", { manifestBody: Buffer.from("<html>") }, "invalid manifest: it is no JSON"],
])("a registry with %s gives one clear error, and the store is as it was", async (_, lies, words) => {
  const { outcome, unchanged } = await pulled(lies);
  await expect(outcome).rejects.toThrow(words);
  await unchanged();
});

test("an image that is not what its digest says is refused, and the store is as it was", async () => {
  const digest = digestOf("another");
  const { outcome, unchanged } = await pulled({}, digest);
  await expect(outcome).rejects.toThrow(`manifest verification failed for digest ${digest}`);
  await unchanged();
});

test("a registry that lies nowhere is believed", async () => {
  const { outcome } = await pulled({});
  expect((await outcome).at(-1)).toContain("Downloaded newer image");
});
