import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { shortId } from "../../../../src/base/ids.ts";
import { chainIdOf } from "../../../../src/oci/chain-id.ts";
import { digestOf, type DiffId } from "../../../../src/oci/digest.ts";
import type { Image } from "../../../../src/runtime/images/images.ts";
import type { ImageStore } from "../../../../src/runtime/images/image-store.ts";
import { dockerArchive, ImageWorld, load, messagesOf } from "../../../support/image-world.ts";
import { dir, file, tarOf, whiteout } from "../../../support/tar-of.ts";

const container = "c".repeat(64);
const base = [dir("bin"), file("bin/sh", "shell")];

async function commit(world: Awaited<ReturnType<ImageWorld["root"]>>, parent: Image, name: string, content: string | null): Promise<Image> {
  await world.snapshots.prepare(container, parent.chainId);
  if (content !== null) writeFileSync(join(world.upper(container), "new"), content);
  const history = { created: new Date().toISOString(), created_by: "sh -c work", comment: "why" };
  const [repo = "", tag = ""] = name.split(":");
  const options = { snapshot: container, parent, containerId: container, config: { Cmd: ["sh"] }, history, author: "me", repo, tag };
  const image = await world.images.commit(options);
  await world.snapshots.remove(container);
  return image;
}

const remove = (images: ImageStore, ref: string, force = false): ReturnType<ImageStore["remove"]> =>
  images.remove(ref, { force, noPrune: false });

test("images and their names are there again when the root is opened anew", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  expect(await load(images, dockerArchive("user/app:1", [base]))).toEqual(["Loaded image: user/app:1\n"]);
  await images.tag("user/app:1", { repo: "localhost:5000/other", tag: "" });
  const again = (await world.root()).images;
  const image = await again.get("localhost:5000/other");
  expect(image.repoTags).toEqual(["user/app:1", "localhost:5000/other:latest"]);
  for (const ref of [image.id, image.id.slice(7), image.id.slice(7, 15), image.id.slice(0, 20)])
    expect((await again.get(ref)).id).toBe(image.id);
  await expect(again.get("nothing")).rejects.toThrow("No such image: nothing:latest");
  await expect(again.get("user/app@sha256:abc")).rejects.toThrow("invalid reference format");
});

test("a commit has one layer more, and history knows the parent's id", async () => {
  using world = new ImageWorld();
  const root = await world.root();
  await load(root.images, dockerArchive("base", [base]));
  const parent = await root.images.get("base");
  const child = await commit(root, parent, "child:v1", "hello");
  expect(child.config.rootfs.diff_ids.slice(0, -1)).toEqual(parent.config.rootfs.diff_ids);
  expect(child.size).toBe(parent.size + 5);
  expect((await root.images.history("child:v1")).map(({ Id, CreatedBy, Size, Comment }) => [Id, CreatedBy, Size, Comment])).toEqual([
    [child.id, "sh -c work", 5, "why"],
    [parent.id, "layer 0", 5, ""],
  ]);
  const unchanged = await commit(root, parent, "same", null);
  expect(unchanged.config.rootfs.diff_ids).toEqual(parent.config.rootfs.diff_ids);
  expect((await root.images.history("same")).map(({ Size }) => Size)).toEqual([0, 5]);
});

test("rmi refuses what containers and images need, in Docker's words", async () => {
  using world = new ImageWorld();
  const root = await world.root();
  const { images } = root;
  await load(images, dockerArchive("base", [base]));
  const parent = await images.get("base");
  const child = await commit(root, parent, "child", "x");
  const [short, childShort] = [shortId(parent.id), shortId(child.id)];
  await expect(remove(images, parent.id, true)).rejects.toThrow(
    `conflict: unable to delete ${short} (cannot be forced) - image has dependent child images`,
  );
  world.containers.push({ id: container, running: false, image: child.id });
  await expect(remove(images, "child")).rejects.toThrow(
    `conflict: unable to remove repository reference "child" (must force) - container cccccccccccc is using its referenced image ${childShort}`,
  );
  await expect(remove(images, childShort)).rejects.toThrow(
    `conflict: unable to delete ${childShort} (must be forced) - image is being used by stopped container cccccccccccc`,
  );
  await images.tag("child", { repo: "second", tag: "name" });
  expect(await remove(images, "child")).toEqual([{ Untagged: "child:latest" }]);
  await images.tag("second:name", { repo: "third", tag: "" });
  world.containers.splice(0);
  await expect(remove(images, childShort)).rejects.toThrow(
    `conflict: unable to delete ${childShort} (must be forced) - image is referenced in multiple repositories`,
  );
  world.containers.push({ id: container, running: true, image: child.id });
  await expect(remove(images, childShort, true)).rejects.toThrow(
    `conflict: unable to delete ${childShort} (cannot be forced) - image is being used by running container cccccccccccc`,
  );
  world.containers.splice(0);
  expect(await remove(images, childShort, true)).toEqual([
    { Untagged: "second:name" },
    { Untagged: "third:latest" },
    { Deleted: child.id },
    { Deleted: child.chainId },
  ]);
  expect(await remove(images, "base")).toEqual([{ Untagged: "base:latest" }, { Deleted: parent.id }, { Deleted: parent.chainId }]);
  expect(readdirSync(join(world.folder, "root/content/blobs/sha256"))).toEqual([]);
  expect(readdirSync(join(world.folder, "root/snapshots/layers"))).toEqual([]);
});

test("a name that moves on leaves a dangling image, which list shows and prune removes", async () => {
  using world = new ImageWorld();
  const root = await world.root();
  const { images } = root;
  await load(images, dockerArchive("base", [base]));
  const parent = await images.get("base");
  const old = await commit(root, parent, "app", "1");
  const now = await commit(root, parent, "app", "2");
  const ids = async (filters: Record<string, string[]>, all = false): Promise<readonly string[]> =>
    (await images.list({ all, filters })).map(({ Id }) => Id);
  expect(await ids({})).toEqual([now.id, old.id, parent.id]);
  expect((await images.list({ all: false, filters: { dangling: ["true"] } })).map(({ Id, RepoTags }) => [Id, RepoTags])).toEqual([
    [old.id, ["<none>:<none>"]],
  ]);
  expect(await ids({ dangling: ["false"] })).toEqual([now.id, parent.id]);
  expect(await ids({ since: ["base"] })).toEqual([now.id, old.id]);
  expect(await ids({ before: [now.id] })).toEqual([old.id, parent.id]);
  expect(await ids({ reference: ["ap*"] })).toEqual([now.id]);
  expect(await ids({ reference: ["base:l*"] })).toEqual([parent.id]);
  expect(await ids({ label: ["x"] })).toEqual([]);
  await expect(ids({ foo: ["bar"] })).rejects.toThrow("Invalid filter 'foo'");
  await expect(ids({ dangling: ["maybe"] })).rejects.toThrow("Invalid filter 'dangling=[maybe]'");
  expect(await images.prune({})).toEqual({ ImagesDeleted: [{ Deleted: old.id }, { Deleted: old.chainId }], SpaceReclaimed: 1 });
  expect(await ids({})).toEqual([now.id, parent.id]);
});

test("an image that is not whole any more is gone with its names when the root is opened", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  await load(images, dockerArchive("whole", [base]));
  await load(images, dockerArchive("broken", [[file("other", "x")]]));
  const [diffId] = (await images.get("broken")).config.rootfs.diff_ids;
  truncateSync(join(world.folder, "root/content/blobs/sha256", diffId?.slice(7) ?? ""));
  expect((await (await world.root()).images.all()).map(({ repoTags }) => repoTags)).toEqual([["whole:latest"]]);
});

test("layers of an image that was deleted under a container go when the root is opened without that container", async () => {
  using world = new ImageWorld();
  const { images, snapshots } = await world.root();
  await load(images, dockerArchive("kept", [base]));
  await load(images, dockerArchive("gone", [base, [file("more", "x")]]));
  const { id, chainId } = await images.get("gone");
  await snapshots.prepare(container, chainId);
  world.containers.push({ id: container, running: false, image: id });
  expect(await remove(images, "gone", true)).toEqual([{ Untagged: "gone:latest" }, { Deleted: id }]);
  const layersAfter = async (): Promise<number> => {
    const root = await world.root();
    await root.snapshots.removeUnused((await root.images.all()).flatMap((image) => image.chainId ?? []));
    return readdirSync(join(world.folder, "root/snapshots/layers")).length;
  };
  expect(await layersAfter()).toBe(2);
  await snapshots.remove(container);
  expect(await layersAfter()).toBe(1);
});

test("import keeps the files and what --change says, and nothing else", async () => {
  using world = new ImageWorld();
  const { images } = await world.root();
  const tar = gzipSync(tarOf(...base));
  const options = { repo: "imp", tag: "v", message: "", platform: "linux/arm64", changes: ['CMD ["sh", "-c", "x"]', "ENV A=b"] };
  const [id] = await messagesOf(images.import({ ...options, source: Readable.from([tar]) }));
  const image = await images.get("imp:v");
  expect(image.id).toBe(id);
  expect([image.config.architecture, image.config.config]).toEqual(["arm64", { Cmd: ["sh", "-c", "x"], Env: ["A=b"] }]);
  expect((await images.history("imp:v")).map(({ CreatedBy, Comment }) => [CreatedBy, Comment])).toEqual([["", "Imported from -"]]);
  const source = Readable.from([Buffer.from("root:x:0:0\n".repeat(99))]);
  await expect(messagesOf(images.import({ ...options, repo: "bad", source }))).rejects.toThrow(
    "Error processing tar file(exit status 1): archive/tar: invalid tar header",
  );
  expect(await images.find("bad")).toBeNull();
});

test("what is saved loads into another root with the same ids and names", async () => {
  using world = new ImageWorld();
  const root = await world.root();
  await load(root.images, dockerArchive("base", [base, [whiteout("bin/sh")]]));
  const child = await commit(root, await root.images.get("base"), "child:v1", "x");
  await root.images.tag("base", { repo: "base", tag: "2" });
  const saved = Buffer.concat(await (await root.images.save(["base", child.id])).toArray());
  const other = (await world.root("other")).images;
  expect(await load(other, saved)).toEqual(["Loaded image: base:2\n", "Loaded image: base:latest\n", `Loaded image ID: ${child.id}\n`]);
  expect((await other.all()).map(({ id }) => id).toSorted()).toEqual((await root.images.all()).map(({ id }) => id).toSorted());
  await expect(root.images.save(["base", "nothing:1"])).rejects.toThrow("reference does not exist");
  // As an OCI layout alone, too.
  const { readTar } = await import("../../../../src/oci/tar/read-tar.ts");
  const layout = [];
  for await (const { header, content } of readTar(Readable.from([saved]))) {
    const chunks: Buffer[] = [];
    for await (const { data } of content) chunks.push(data);
    if (header.name !== "manifest.json") layout.push(header.type === "file" ? file(header.name, Buffer.concat(chunks)) : dir(header.name));
  }
  expect(await load((await world.root("third")).images, tarOf(...layout))).toEqual([
    "Loaded image: base:2\n",
    "Loaded image: base:latest\n",
    `Loaded image ID: ${child.id}\n`,
  ]);
});

test.each([
  ["is no tar", Buffer.from("x".repeat(2000)), "archive/tar: invalid tar header"],
  ["has no manifest", tarOf(file("a", "b")), "invalid archive: does not contain a manifest.json"],
  ["has a manifest that is no JSON", tarOf(file("manifest.json", "{")), "invalid archive: manifest.json is not JSON"],
  [
    "names a file outside",
    tarOf(file("manifest.json", '[{"Config":"../../etc/passwd","Layers":[]}]')),
    'invalid archive: "../../etc/passwd" is missing',
  ],
  [
    "lacks a layer",
    dockerArchive("x", [base], { rootfs: { type: "layers", diff_ids: [] } }),
    "invalid manifest, layers length mismatch: expected 0, got 1",
  ],
  [
    "claims another layer",
    dockerArchive("x", [base], { rootfs: { type: "layers", diff_ids: [digestOf("other") as unknown as DiffId] } }),
    `invalid diffID for layer 0: expected "${digestOf("other")}"`,
  ],
  ["has a layer that leads out", dockerArchive("x", [[file("../../x", "")]]), "is outside of the archive's root"],
])("an archive that %s is refused and leaves nothing", async (_, archive, message) => {
  using world = new ImageWorld();
  const { images } = await world.root();
  await expect(load(images, archive)).rejects.toThrow(message);
  expect(await images.all()).toEqual([]);
  expect(readdirSync(join(world.folder, "root/content/blobs/sha256"))).toEqual([]);
  expect(readdirSync(join(world.folder, "root/content/ingest"))).toEqual([]);
  expect(readdirSync(join(world.folder, "root/snapshots/unpacking"))).toEqual([]);
});

test("base images are unpacked once for all roots, also when many ask at once", async () => {
  using world = new ImageWorld();
  world.provide("busybox", dockerArchive("busybox:latest", [base]));
  const pull = async (name: string): Promise<readonly string[]> => {
    const { images } = await world.root(name);
    return await messagesOf(images.pull({ image: "busybox", tag: "latest", platform: "", auth: null }));
  };
  const answers = await Promise.all(["a", "b", "c", "d"].map(async (name) => await pull(name)));
  for (const lines of answers) expect(lines.at(-1)).toBe("Status: Downloaded newer image for busybox:latest");
  expect((await pull("a")).at(-1)).toBe("Status: Image is up to date for busybox:latest");
  expect(readdirSync(join(world.folder, "shared/snapshots/layers"))).toHaveLength(1);
  expect(readdirSync(join(world.folder, "a/snapshots/layers"))).toEqual([]);
  expect(readdirSync(join(world.folder, "a/content/blobs/sha256"))).toEqual([]);
  const { images } = await world.root("a");
  const { id, chainId, repoDigests } = await images.get("busybox");
  expect(chainId).toBe(chainIdOf((await images.get(id)).config.rootfs.diff_ids));
  expect(await remove(images, "busybox")).toEqual([
    { Untagged: "busybox:latest" },
    { Untagged: repoDigests[0] },
    { Deleted: id },
    { Deleted: chainId },
  ]);
  await expect(messagesOf(images.pull({ image: "other", tag: "", platform: "", auth: null }))).rejects.toThrow(
    "pull access denied for other, repository does not exist or may require 'docker login'",
  );
});
