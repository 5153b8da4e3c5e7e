import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestOf, hexOf } from "../../../../src/oci/digest.ts";
import type { ImageIndex } from "../../../../src/oci/manifest.ts";
import { parseReference } from "../../../../src/oci/reference.ts";
import { OciLayoutStore } from "../../../../src/runtime/content/oci-layout-store.ts";
import { ImageDatabase } from "../../../../src/runtime/images/image-database.ts";
import { SharedStore } from "../../../../src/runtime/images/shared-store.ts";
import { dockerArchive, ImageWorld, load } from "../../../support/image-world.ts";
import { dir, file } from "../../../support/tar-of.ts";

const good = [dir("bin"), file("bin/sh", "shell")];

test("what an engine that was killed left is gone when the root is opened again, and what images need is not", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  await load(images, dockerArchive("good", [good]));
  const content = join(world.folder, "root/content");
  const blobs = readdirSync(join(content, "blobs/sha256"));
  writeFileSync(join(content, "blobs/sha256", hexOf(digestOf("left"))), "left");
  writeFileSync(join(content, "ingest/half"), "half a blob");
  mkdirSync(join(world.folder, "root/snapshots/unpacking/unpack-1/upper"), { recursive: true });
  const again = await world.root();
  expect(readdirSync(join(content, "blobs/sha256"))).toEqual(blobs);
  expect(readdirSync(join(content, "ingest"))).toEqual([]);
  expect(readdirSync(join(world.folder, "root/snapshots/unpacking"))).toEqual([]);
  expect((await again.images.get("good")).repoTags).toEqual(["good:latest"]);
});

test("a name is given only to what is on the disk, and other tools are told after", async () => {
  using world = new ImageWorld();
  const order: string[] = [];
  const path = join(world.folder, "images.json");
  const db = await ImageDatabase.open(path, {
    sync: async () => void order.push(existsSync(path) ? "late" : "synced"),
    publish: async () => void order.push(existsSync(path) ? "published" : "early"),
  });
  await db.save();
  expect(order).toEqual(["synced", "published"]);
});

test("the layout's index tells of every name, and of no image that is removed", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  const names = (): readonly (string | undefined)[] => {
    const { manifests } = JSON.parse(readFileSync(join(world.folder, "root/content/index.json"), "utf8")) as ImageIndex;
    return manifests.map(({ annotations }) => annotations?.["org.opencontainers.image.ref.name"] ?? "").toSorted();
  };
  await load(images, dockerArchive("good", [good]));
  await images.tag("good", { repo: "localhost:5000/other", tag: "2" });
  expect(names()).toEqual(["docker.io/library/good:latest", "localhost:5000/other:2"]);
  await images.remove("localhost:5000/other:2", { force: false, noPrune: false });
  expect(names()).toEqual(["docker.io/library/good:latest"]);
  await images.remove("good", { force: false, noPrune: false });
  expect(names()).toEqual([]);
  expect(readdirSync(join(world.folder, "root/content/blobs/sha256"))).toEqual([]);
});

const noSkopeo = spawnSync("skopeo", ["--version"]).status !== 0;

test.skipIf(noSkopeo)("skopeo reads the store in place (needs skopeo)", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  await load(images, dockerArchive("good:1", [good, [file("more", "x")]]));
  const source = `oci:${join(world.folder, "root/content")}:docker.io/library/good:1`;
  const inspected = JSON.parse(execFileSync("skopeo", ["inspect", source], { encoding: "utf8" })) as { Layers: string[] };
  expect(inspected.Layers).toHaveLength(2);
  execFileSync("skopeo", ["copy", "-q", "--insecure-policy", source, `docker-archive:${join(world.folder, "copy.tar")}:good:1`]);
  const other = await world.root("other");
  await load(other.images, readFileSync(join(world.folder, "copy.tar")));
  expect((await other.images.get("good:1")).id).toBe((await images.get("good:1")).id);
});

test("two engines that unpack into one shared store at once lose nothing of each other's", async () => {
  using world = new ImageWorld();
  const names = Array.from({ length: 8 }, (_, at) => `app${at}`);
  for (const name of names) world.provide(name, dockerArchive(name, [good, [file("name", name)]]));
  const open = async (): Promise<SharedStore> => await SharedStore.open(join(world.folder, "shared"), world.base, world.kernel);
  const stores = [await open(), await open()];
  const ask = async (name: string, at: number): Promise<unknown> => await stores[at % 2]?.find(parseReference(name));
  const found = await Promise.all([...names, ...names.toReversed()].map(ask));
  expect(found.filter(Boolean)).toHaveLength(16);
  const { manifests } = JSON.parse(readFileSync(join(world.folder, "shared/content/index.json"), "utf8")) as ImageIndex;
  expect(manifests).toHaveLength(8);
  const content = await OciLayoutStore.open(join(world.folder, "shared/content"));
  for (const { digest, size } of manifests) expect(await content.size(digest)).toBe(size);
});
