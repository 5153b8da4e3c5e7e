import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { fc } from "../../../support/fuzz.ts";
import { expect, test } from "vitest";
import type { JsonMessage } from "../../../../src/docker/api/types.ts";
import { digestOf, hexOf } from "../../../../src/oci/digest.ts";
import { defaultUnpackLimits, type UnpackLimits } from "../../../../src/oci/tar/unpack-limits.ts";
import type { ImageStore } from "../../../../src/runtime/images/image-store.ts";
import { dockerArchive, ImageWorld, load } from "../../../support/image-world.ts";
import { device, dir, file, hardlink, symlink, tarOf, type TarItem } from "../../../support/tar-of.ts";
import { treeOf } from "../../../support/tree-of.ts";

const good = [dir("bin"), file("bin/sh", "shell")];

async function imported(images: ImageStore, tar: Buffer): Promise<void> {
  const options = { repo: "x", tag: "1", message: "", changes: [], platform: "" };
  for await (const { error } of images.import({ source: Readable.from([tar]), ...options }))
    if (error !== undefined) throw new Error(error);
}

async function messages(stream: AsyncIterable<JsonMessage>): Promise<readonly JsonMessage[]> {
  const all: JsonMessage[] = [];
  for await (const message of stream) all.push(message);
  return all;
}

/** When a name was last given changes with every load. */
const withoutNames = (tree: readonly string[]): readonly string[] => tree.filter((line) => !line.includes("images.json"));

/** A root with one good image, which must be as it was after `action`. */
async function unchangedBy(action: (images: ImageStore) => Promise<unknown>, limits: Partial<UnpackLimits> = {}): Promise<void> {
  using world = new ImageWorld();
  const { images } = await world.root("root", { ...defaultUnpackLimits, ...limits });
  await load(images, dockerArchive("good", [good]));
  const before = treeOf(world.folder);
  await action(images);
  expect(treeOf(world.folder)).toEqual(before);
  expect((await images.get("good")).repoTags).toEqual(["good:latest"]);
}

/** An OCI layout of one image, any part of which can be made to lie. */
function ociLayout(lies: { layer?: Buffer; manifest?: object; index?: object; config?: object } = {}): Buffer {
  const layer = tarOf(...good);
  const config = Buffer.from(JSON.stringify({ os: "linux", rootfs: { type: "layers", diff_ids: [digestOf(layer)] }, ...lies.config }));
  const descriptor = (bytes: Buffer, mediaType: string): object => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: descriptor(config, "application/vnd.oci.image.config.v1+json"),
      layers: [descriptor(layer, "application/vnd.oci.image.layer.v1.tar")],
      ...lies.manifest,
    }),
  );
  const index = { schemaVersion: 2, manifests: [descriptor(manifest, "application/vnd.oci.image.manifest.v1+json")], ...lies.index };
  const blob = (bytes: Buffer, content = bytes): TarItem => file(`blobs/sha256/${hexOf(digestOf(bytes))}`, content);
  return tarOf(
    blob(layer, lies.layer),
    blob(config),
    blob(manifest),
    file("index.json", JSON.stringify(index)),
    file("oci-layout", '{"imageLayoutVersion":"1.0.0"}'),
  );
}

const missing = `sha256:${"0".repeat(64)}`;

test.each<[string, Buffer, RegExp]>([
  ["text", Buffer.from("this is no archive, but it is longer than a block of a tar".repeat(20)), /invalid tar header/],
  ["nothing at all", Buffer.alloc(0), /does not contain a manifest.json/],
  ["a tar without manifest", tarOf(file("a", "b")), /does not contain a manifest.json/],
  ["an archive that ends early", dockerArchive("x", [good]).subarray(0, 700), /unexpected EOF/],
  ["a broken gzip", gzipSync(dockerArchive("x", [good])).subarray(0, 100), /gzip: unexpected end/],
  ["a layer with ..", dockerArchive("x", [[file("../out", "x")]]), /outside of the archive's root/],
  ["a hard link out", dockerArchive("x", [[hardlink("x", "../../etc/passwd")]]), /outside|invalid hardlink/],
  ["a hard link through a symbolic one", dockerArchive("x", [[symlink("up", "../.."), hardlink("x", "up/good.tar")]]), /invalid hardlink/],
  ["a layer that is no tar", dockerArchive("x", [good], {}).fill(7, 1024, 1100), /invalid tar header|diffID/],
  [
    "layers that are not those of the configuration",
    dockerArchive("x", [good], { rootfs: { type: "layers", diff_ids: [] } }),
    /length mismatch/,
  ],
  [
    "a wrong diff id",
    dockerArchive("x", [good], { rootfs: { type: "layers", diff_ids: [missing as never] } }),
    /invalid diffID for layer 0: expected "sha256:0/,
  ],
  ["a manifest that is no list", tarOf(file("manifest.json", "{}")), /manifest.json is not a list/],
  ["a manifest of nothing", tarOf(file("manifest.json", "[null]")), /malformed manifest.json/],
  ["a manifest that is no JSON", tarOf(file("manifest.json", "[")), /manifest.json is not JSON/],
  [
    "a manifest that names a file outside",
    tarOf(file("manifest.json", '[{"Config":"../../etc/passwd","Layers":[]}]')),
    /"..\/..\/etc\/passwd" is missing/,
  ],
  ["an invalid name", dockerArchive("UPPER:1", [good]), /must be lowercase/],
  ["a blob that is not what its name says", ociLayout({ layer: tarOf(file("other")) }), /has digest/],
  ["a descriptor that lies about the size", ociLayout({ manifest: { layers: [{ ...lied(), size: 1 }] } }), /has \d+ bytes, expected 1/],
  ["an unknown kind of layer", ociLayout({ manifest: { layers: [{ ...lied(), mediaType: "text/html" }] } }), /media type "text\/html"/],
  ["a manifest without its blob", ociLayout({ index: { manifests: [{ mediaType: "x", digest: missing, size: 1 }] } }), /is missing/],
  ["an index that holds nothing", ociLayout({ index: { manifests: [null] } }), /a descriptor is missing/],
  ["an index that is no list", ociLayout({ index: { manifests: {} } }), /manifests is no list/],
])("%s is one clear error of load, and the store is as it was", async (_, archive, message) => {
  await unchangedBy(async (images) => await expect(load(images, archive)).rejects.toThrow(message));
});

function lied(): { mediaType: string; digest: string; size: number } {
  const layer = tarOf(...good);
  return { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: digestOf(layer), size: layer.length };
}

test("an OCI layout that lies nowhere is loaded", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  expect((await load(images, ociLayout()))[0]).toMatch(/^Loaded image ID: sha256:/);
});

test.each<[string, Buffer, RegExp]>([
  ["text", Buffer.from("this is no archive".repeat(100)), /invalid tar header/],
  ["an archive that ends early", tarOf(file("a", "x".repeat(2000))).subarray(0, 1000), /unexpected EOF/],
  ["a name with ..", tarOf(file("a/../../b", "")), /outside of the archive's root/],
  ["a file below a file", tarOf(file("a", ""), file("a/b", "")), /not a directory/],
  ["a name longer than any file's", tarOf(file("n".repeat(300), "")), /name too long/],
])("%s is one clear error of import, and the store is as it was", async (_, tar, message) => {
  await unchangedBy(async (images) => await expect(imported(images, tar)).rejects.toThrow(message));
});

test("what is odd but harmless is imported: absolute names, devices, entries twice and out of order, bytes after the end", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  const items = [
    file("/abs/one", "1"),
    file("twice", "1"),
    file("twice", "22"),
    file("deep/er/file", "3"),
    dir("deep"),
    device("null", 1, 3),
  ];
  await imported(images, Buffer.concat([tarOf(...items), Buffer.from("more")]));
  expect((await images.get("x:1")).size).toBe(4);
});

const zeros = tarOf(file("zeros", Buffer.alloc(3_000_000)));
const bombLimits = { bytes: 2_000_000, files: 5, ratio: 100, ratioFrom: 100_000 };

test.each<[string, Buffer, Partial<UnpackLimits>, RegExp]>([
  ["more bytes than the limit", zeros, { bytes: bombLimits.bytes }, /unpacks to more than 2000000 bytes/],
  ["more than the limit once decompressed", gzipSync(zeros), { bytes: bombLimits.bytes }, /more than 2000000 bytes/],
  ["much more than it has compressed", gzipSync(zeros), { ratio: 100, ratioFrom: 100_000 }, /more than 100 times its compressed size/],
  ["many files", tarOf(...Array.from({ length: 6 }, (_, at) => file(`f${at}`))), { files: 5 }, /more than 5 files/],
  ["a hole larger than the limit", sparse(2 ** 40), {}, /files of more than \d+ bytes/],
])("a bomb, %s, is refused by import and by load, and the store is as it was", async (_, tar, limits, message) => {
  await unchangedBy(async (images) => {
    await expect(imported(images, tar)).rejects.toThrow(message);
    const config = JSON.stringify({ rootfs: { type: "layers", diff_ids: [missing] } });
    const manifest = JSON.stringify([{ Config: "c", RepoTags: null, Layers: ["layer.tar"] }]);
    await expect(load(images, tarOf(file("layer.tar", tar), file("c", config), file("manifest.json", manifest)))).rejects.toThrow(message);
  }, limits);
});

/** A file of which everything is a hole, in GNU's old format. */
function sparse(size: number): Buffer {
  const block = Buffer.from(tarOf(file("hole")));
  block.write("S", 156);
  block.write("ustar  \0", 257);
  const real = Buffer.alloc(12);
  real[0] = 0x80;
  real.writeBigUInt64BE(BigInt(size), 4);
  real.copy(block, 483);
  block.write("        ", 148);
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

test("whatever is made of a good archive's bytes, load takes it or says what is wrong, and leaves the store as it was", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  await load(images, dockerArchive("good", [good]));
  const before = withoutNames(treeOf(world.folder));
  const archives = [dockerArchive(null, [[dir("a"), file("a/b", "c"), symlink("s", "a"), hardlink("h", "a/b")]]), ociLayout()];
  const change = fc.record({
    archive: fc.constantFrom(...archives),
    edits: fc.array(fc.record({ at: fc.nat(12_000), bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }) }), { maxLength: 4 }),
    length: fc.option(fc.nat(12_000), { nil: Infinity }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ archive, edits, length }) => {
      const bytes = Buffer.from(archive.subarray(0, length));
      for (const edit of edits) bytes.set(edit.bytes.subarray(0, Math.max(0, bytes.length - edit.at)), Math.min(edit.at, bytes.length));
      await messages(images.load(Readable.from([bytes]), { quiet: true }));
      for (const image of await images.all()) {
        if (image.repoTags[0] !== "good:latest") await images.remove(image.id, { force: true, noPrune: false });
      }
      expect(withoutNames(treeOf(world.folder))).toEqual(before);
    }),
    { numRuns: 80 },
  );
}, 180_000);

test("whatever a manifest says, load takes it or says what is wrong", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  const part = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom("c", "layer.tar", missing, "manifest.json", "blobs/sha256/x"));
  const descriptor = fc.record({ mediaType: part, digest: part, size: part, annotations: part }, { requiredKeys: [] });
  const manifest = fc.oneof(
    fc.array(
      fc.record({ Config: part, RepoTags: fc.oneof(part, fc.array(part)), Layers: fc.oneof(part, fc.array(part)) }, { requiredKeys: [] }),
    ),
    fc.record({ schemaVersion: part, manifests: fc.oneof(part, fc.array(descriptor)), config: descriptor, layers: fc.array(descriptor) }),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("manifest.json", "index.json", "c"), manifest, manifest, async (name, value, other) => {
      const config = name === "c" ? file("c", JSON.stringify(value)) : file("c", JSON.stringify(other));
      const named = name === "c" ? file("manifest.json", '[{"Config":"c","Layers":[]}]') : file(name, JSON.stringify(value));
      const errors = (await messages(images.load(Readable.from([tarOf(config, named)]), { quiet: true }))).filter(
        ({ error }) => error !== undefined,
      );
      expect(errors.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 150 },
  );
}, 180_000);
