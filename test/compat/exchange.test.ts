import { execFileSync, spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDockerd, whyNoDockerd, type Dockerd } from "../support/dockerd.ts";
import { startTestEngine, type TestEngine } from "../support/engine.ts";
import { dockerArchive, messagesOf } from "../support/image-world.ts";
import { dir, file, symlink, whiteout } from "../support/tar-of.ts";

const skip = whyNoDockerd() ?? (spawnSync("skopeo", ["--version"]).status === 0 ? null : "skopeo is not installed");

const layers = [
  [
    dir("bin"),
    file("bin/tool", "tool", { mode: 0o4755, uid: 12, gid: 34 }),
    file("etc/old", "old"),
    file(`long/${"n".repeat(150)}`, "long"),
  ],
  [whiteout("etc/old"), symlink("link", "bin/tool"), file("etc/new", "new")],
];

describe.skipIf(skip !== null)(`archives between ours, docker and skopeo${skip === null ? "" : ` (skipped: ${skip})`}`, () => {
  let dockerd: Dockerd;
  let engine: TestEngine;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "exchange-"));
    [dockerd, engine] = await Promise.all([startDockerd(), startTestEngine({ images: [] })]);
    writeFileSync(join(folder, "made.tar"), dockerArchive("made:1", layers));
    await loaded("made.tar");
    await engine.client.tagImage("made:1", { repo: "localhost:5000/also", tag: "two" });
    await saved(["made:1", "localhost:5000/also:two"], "ours.tar");
  });

  afterAll(async () => {
    await Promise.all([dockerd?.stop(), engine?.[Symbol.asyncDispose]()]);
    rmSync(folder, { recursive: true });
  });

  const docker = (...args: readonly string[]): string =>
    execFileSync("docker", args, { cwd: folder, encoding: "utf8", env: { ...process.env, DOCKER_HOST: `unix://${dockerd.socket}` } });
  const skopeo = (...args: readonly string[]): void =>
    void execFileSync("skopeo", ["copy", "-q", "--insecure-policy", ...args], { cwd: folder });
  const loaded = async (name: string): Promise<readonly string[]> =>
    await messagesOf(await engine.client.loadImages(createReadStream(join(folder, name))));
  const saved = async (names: readonly string[], to: string): Promise<void> =>
    await pipeline(await engine.client.saveImages(names), createWriteStream(join(folder, to)));
  const forget = async (): Promise<string> => {
    const { Id } = await engine.client.inspectImage("made:1");
    await engine.client.removeImage(Id, { force: true });
    return Id;
  };

  test("docker loads what we save: the same image, with all names", async () => {
    expect(docker("load", "-q", "-i", "ours.tar").trim().split("\n").toSorted()).toEqual([
      "Loaded image: localhost:5000/also:two",
      "Loaded image: made:1",
    ]);
    const { Id, RootFS } = await engine.client.inspectImage("made:1");
    expect(docker("inspect", "-f", "{{.Id}} {{json .RootFS.Layers}}", "made:1").trim()).toBe(`${Id} ${JSON.stringify(RootFS.Layers)}`);
  });

  test("we load what docker saves, and it is the same image", async () => {
    docker("save", "-o", "theirs.tar", "made:1", "localhost:5000/also:two");
    const id = await forget();
    expect([...(await loaded("theirs.tar"))].toSorted()).toEqual(["Loaded image: localhost:5000/also:two\n", "Loaded image: made:1\n"]);
    expect((await engine.client.inspectImage("made:1")).Id).toBe(id);
  });

  test("skopeo reads what we save, both as a docker-archive and as an OCI layout, and we what it writes", async () => {
    skopeo("docker-archive:ours.tar:made:1", "docker-archive:copied.tar:made:1");
    skopeo("oci-archive:ours.tar:1", "oci-archive:copied-oci.tar:docker.io/library/made:1");
    skopeo("docker-archive:ours.tar:made:1", "oci:layout:made");
    execFileSync("tar", ["-C", join(folder, "layout"), "-cf", join(folder, "layout.tar"), "."]);
    const id = await forget();
    expect(await loaded("copied.tar")).toEqual(["Loaded image: made:1\n"]);
    expect(await forget()).toBe(id);
    expect(await loaded("copied-oci.tar")).toEqual(["Loaded image: made:1\n"]);
    const { RootFS } = await engine.client.inspectImage("made:1");
    // skopeo compresses layers for a layout: other blobs, the same content.
    const message = (await loaded("layout.tar"))[0] ?? "";
    const unnamed = await engine.client.inspectImage(/sha256:[0-9a-f]{64}/.exec(message)?.[0] ?? "");
    expect(unnamed.RootFS).toEqual(RootFS);
  });
});
