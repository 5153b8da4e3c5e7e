import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hostArchitecture } from "../../../src/oci/architecture.ts";
import { digestOf } from "../../../src/oci/digest.ts";
import { mediaTypes } from "../../../src/oci/manifest.ts";
import { registryArchive, type RegistryImage } from "../../../src/provision/registry-image.ts";
import { ImageWorld, load } from "../../support/image-world.ts";
import { file, tarOf } from "../../support/tar-of.ts";

const layerTar = tarOf(file("bin/sh", "shell"));
const layer = gzipSync(layerTar);
const config = Buffer.from(
  JSON.stringify({ architecture: hostArchitecture(), os: "linux", rootfs: { type: "layers", diff_ids: [digestOf(layerTar)] } }),
);
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    config: { mediaType: mediaTypes.config, digest: digestOf(config), size: config.length },
    layers: [{ mediaType: mediaTypes.layerGzip, digest: digestOf(layer), size: layer.length }],
  }),
);
const platform = { os: "linux", architecture: hostArchitecture() };
const index = JSON.stringify({
  schemaVersion: 2,
  manifests: [{ mediaType: mediaTypes.manifest, digest: digestOf(manifest), size: manifest.length, platform }],
});

let server: Server;
let image: RegistryImage;
let contents: Record<string, string | Buffer>;

beforeEach(async () => {
  contents = {
    "manifests/latest": index,
    [`manifests/${digestOf(manifest)}`]: manifest,
    [`blobs/${digestOf(config)}`]: config,
    [`blobs/${digestOf(layer)}`]: layer,
  };
  server = createServer((request, response) => {
    const origin = `http://${request.headers.host}`;
    if (request.url === "/token?service=me&scope=pull") return response.end('{"token":"let me"}');
    if (request.headers.authorization !== "Bearer let me") {
      return response.writeHead(401, { "www-authenticate": `Bearer realm="${origin}/token",service="me",scope="pull"` }).end();
    }
    const content = contents[(request.url ?? "").replace("/v2/library/busybox/", "")];
    return content === undefined ? response.writeHead(404).end() : response.end(content);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  image = { registry, repository: "library/busybox", tag: "latest", name: "busybox:latest" };
});

afterEach(() => void server.close());

test("an image of a registry comes as an archive that loads", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  expect(await load(images, await registryArchive(image))).toEqual(["Loaded image: busybox:latest\n"]);
  expect((await images.get("busybox")).id).toBe(digestOf(config));
});

test("a blob that is not what was asked for is refused, and so is what is missing", async () => {
  contents[`blobs/${digestOf(layer)}`] = "something else";
  await expect(registryArchive(image)).rejects.toThrow(`blob ${digestOf(layer)} has digest`);
  await expect(registryArchive({ ...image, tag: "other" })).rejects.toThrow("not found");
  server.close();
  server.closeAllConnections();
  await expect(registryArchive(image)).rejects.toThrow("cannot reach 127.0.0.1");
});
