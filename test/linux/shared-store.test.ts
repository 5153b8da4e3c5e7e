import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { parseReference } from "../../src/oci/reference.ts";
import { graceMs } from "../../src/runtime/images/collect-shared.ts";
import { SharedStore } from "../../src/runtime/images/shared-store.ts";
import { isBuilt } from "../support/engine-allowed.ts";
import { dockerArchive, ImageWorld } from "../support/image-world.ts";
import { dir, file } from "../support/tar-of.ts";

const dist = join(import.meta.dirname, "../../dist");
const count = 40;
const later = (): { now: () => Date } => ({ now: () => new Date(Date.now() + graceMs + 1000) });

/** Another process that opens the store when all that is not needed now may go. */
const collector = (folder: string, base: string): string => `
  const { SharedStore } = await import("${dist}/runtime/images/shared-store.js");
  const { LinuxKernel } = await import("${dist}/runtime/kernel/linux.js");
  await SharedStore.open("${folder}", "${base}", new LinuxKernel(), { now: () => new Date(Date.now() + ${graceMs + 1000}) });
`;

describe.skipIf(!isBuilt)("a store that several engines share (needs a build)", () => {
  test("loses what nobody needs, after a while, also when who removes it is killed; what an index, a root or another process needs stays", async () => {
    using world = new ImageWorld();
    const folder = join(world.folder, "shared");
    const blobs = (): readonly string[] => readdirSync(join(folder, "content/blobs/sha256"));
    const layers = (): readonly string[] => readdirSync(join(folder, "snapshots/layers"));
    const names = Array.from({ length: count }, (_, at) => `app${at}`);
    const provide = (version: number): void =>
      names.forEach((name) =>
        world.provide(name, dockerArchive(name, [[dir("d"), file("d/f", `${name} ${version}`)]], { author: `v${version}` })),
      );
    const findAll = async (store: SharedStore): Promise<void> => {
      for (const name of names) expect(await store.find(parseReference(name))).not.toBeNull();
    };
    const open = async (clock?: { now: () => Date }): Promise<SharedStore> =>
      await SharedStore.open(folder, world.base, world.kernel, clock);

    provide(1);
    const { images } = await world.root("root");
    for await (const _ of images.pull({ image: "app0", tag: "latest", platform: "", auth: null }));
    const store = await open();
    await findAll(store);
    const kept = await images.get("app0");
    expect([blobs().length, layers().length]).toEqual([3 * count, count]);
    // Archives are told apart by size and time.
    provide(22);
    await findAll(store);
    // Nothing goes before its time.
    await open();
    expect([blobs().length, layers().length]).toEqual([6 * count, 2 * count]);

    const other = spawn(process.execPath, ["--input-type=module", "-e", collector(folder, world.base)], { stdio: "inherit" });
    const gone = new Promise((resolve) => other.once("exit", resolve));
    while (blobs().length === 6 * count && other.exitCode === null) await sleep(1);
    other.kill("SIGKILL");
    await findAll(store);
    await gone;
    await open(later());
    // Those of the index, and the one that the root has.
    expect([blobs().length, layers().length]).toEqual([3 * (count + 1), count + 1]);
    expect(existsSync(join(folder, "garbage.json"))).toBe(false);
    expect(readdirSync(join(folder, "snapshots/unpacking"))).toEqual([]);
    await findAll(await open(later()));
    const again = await world.root("root");
    expect((await again.images.get("app0")).id).toBe(kept.id);

    await again.images.remove("app0", { force: false, noPrune: false });
    expect(readdirSync(join(folder, "leases"))).toEqual([]);
    world.provide("new", dockerArchive("new", [[file("x", "y")]]));
    await (await open()).find(parseReference("new"));
    const noted = JSON.parse(readFileSync(join(folder, "garbage.json"), "utf8")) as object;
    expect(Object.keys(noted)).toHaveLength(4);
    await open(later());
    expect([blobs().length, layers().length]).toEqual([3 * (count + 1), count + 1]);
  });
});
