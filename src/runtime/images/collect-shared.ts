import { randomBytes } from "node:crypto";
import { readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, NotFoundError } from "../../base/errors.ts";
import { chainIdsOf } from "../../oci/chain-id.ts";
import type { ChainId, Digest } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import type { ImageIndex, Manifest } from "../../oci/manifest.ts";
import type { ContentStore } from "../content/content-store.ts";
import type { OverlaySnapshotter } from "../snapshots/overlay.ts";
import { readLeases } from "./store-leases.ts";

/** What nobody needs stays for so long: somebody may be about to. */
export const graceMs = 3_600_000;

/** Since when nobody needs what, in milliseconds since the epoch. */
type Garbage = Readonly<Record<string, number>>;

interface Store {
  readonly dir: string;
  readonly content: ContentStore;
  readonly snapshots: OverlaySnapshotter;
  readonly index: ImageIndex;
}

/**
 * Removes from a store that roots share what neither its index nor a root's lease has needed for an hour, and notes what is not needed now. Of `own`
 * nobody else can know yet: what is not needed of it goes at once.
 * To be called with the store's lock held; one that is killed meanwhile has removed some of it, and the next goes on.
 */
export async function collectShared({ dir, content, snapshots, index }: Store, now: number, own: readonly Digest[]): Promise<void> {
  const { blobs, layers } = await needed(content, index);
  for (const lease of await readLeases(dir)) {
    for (const digest of lease.blobs) blobs.add(digest);
    for (const chainId of lease.layers) layers.add(chainId);
  }
  const known = await readGarbage(dir);
  const there = (await readdir(join(dir, "content/blobs/sha256"))).map((hex) => `sha256:${hex}` as Digest);
  const unneeded = there.filter((digest) => !blobs.has(digest)).map((digest) => `blob ${digest}`);
  // Those on top go before those that they stand on.
  const idle = snapshots.unusedBy(layers).map((chainId) => `layer ${chainId}`);
  const garbage: Record<string, number> = {};
  for (const name of [...unneeded, ...idle]) garbage[name] = known[name] ?? now;
  for (const digest of own) if (`blob ${digest}` in garbage) garbage[`blob ${digest}`] = 0;
  const due = new Set(Object.keys(garbage).filter((name) => now - (garbage[name] ?? now) >= graceMs));
  for (const name of due) if (name.startsWith("blob ")) await content.remove(name.slice("blob ".length) as Digest);
  await snapshots.removeUnused(snapshots.all().filter((chainId) => !due.has(`layer ${chainId}`)));
  const left = Object.fromEntries(Object.entries(garbage).filter(([name]) => !due.has(name)));
  await writeGarbage(dir, left);
}

/** Whether something was noted long enough ago. */
export async function hasGarbageDue(dir: string, now: number): Promise<boolean> {
  return Object.values(await readGarbage(dir)).some((since) => now - since >= graceMs);
}

async function needed(content: ContentStore, { manifests }: ImageIndex): Promise<{ blobs: Set<Digest>; layers: Set<ChainId> }> {
  const blobs = new Set<Digest>();
  const layers = new Set<ChainId>();
  for (const { digest } of manifests) {
    blobs.add(digest);
    try {
      const { config, layers: stored } = JSON.parse((await content.read(digest)).toString()) as Manifest;
      for (const blob of [config, ...stored]) blobs.add(blob.digest);
      const { rootfs } = JSON.parse((await content.read(config.digest)).toString()) as ImageConfig;
      for (const chainId of chainIdsOf(rootfs.diff_ids)) layers.add(chainId);
    } catch (error) {
      // Somebody emptied the store: then nothing of it is left to be needed.
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  return { blobs, layers };
}

async function readGarbage(dir: string): Promise<Garbage> {
  try {
    return JSON.parse(await readFile(join(dir, "garbage.json"), "utf8")) as Garbage;
  } catch (error) {
    if (hasErrno(error, "ENOENT") || error instanceof SyntaxError) return {};
    throw error;
  }
}

async function writeGarbage(dir: string, garbage: Garbage): Promise<void> {
  const file = join(dir, "garbage.json");
  if (Object.keys(garbage).length === 0) return await rm(file, { force: true });
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  await writeFile(temporary, JSON.stringify(garbage));
  await rename(temporary, file);
}
