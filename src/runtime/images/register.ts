import { createHash, randomBytes } from "node:crypto";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { chainIdOf, chainIdsOf } from "../../oci/chain-id.ts";
import type { ChainId, DiffId, Digest } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import { mediaTypes, type Descriptor, type Manifest } from "../../oci/manifest.ts";
import { compressionOf, decompressed } from "../../oci/tar/decompress.ts";
import type { LayerStores } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";

const layerTypes = { none: mediaTypes.layer, gzip: mediaTypes.layerGzip, zstd: mediaTypes.layerZstd } as const;

/** As in dockerd: more layers than that no overlay may have. */
const depthLimit = 125;

/** @throws InvalidArgumentError in Docker's words when an image has more layers than can be mounted. */
export function checkDepth(layers: number): void {
  if (layers > depthLimit) throw new InvalidArgumentError("max depth exceeded");
}

/** A layer that is in the content store and unpacked. */
export interface RegisteredLayer {
  readonly diffId: DiffId;
  readonly chainId: ChainId;
  readonly blob: Descriptor;
}

/**
 * Unpacks the layer in blob `digest` on `parent`, unless it is there already.
 * @throws InvalidArgumentError when its content is not what `expected` says, or no layer.
 */
export async function registerLayer(
  stores: LayerStores,
  parent: readonly DiffId[],
  digest: Digest,
  expected: DiffId | null,
): Promise<RegisteredLayer> {
  const { content, snapshots } = stores;
  checkDepth(parent.length + 1);
  const blob = { mediaType: await layerType(stores, digest), digest, size: await content.size(digest) };
  if (expected !== null) {
    const chainId = chainIdOf([...parent, expected]) as ChainId;
    if (await snapshots.has(chainId)) {
      // What is unpacked is right; what is kept to be saved or pushed must be, too.
      const diffId = (digest as string) === expected ? expected : await diffIdOf(stores, digest);
      if (diffId !== expected) throw wrongDiffId(parent.length, expected, diffId);
      return { diffId, chainId, blob };
    }
  }
  // What is stored as it is was verified when it was stored.
  const isPlain = blob.mediaType === layerTypes.none;
  const hash = isPlain ? null : createHash("sha256");
  const bytes = await content.open(digest);
  const unpacked = await unpack(stores, parent, hash ? hashed(decompressed(bytes, stores.limits), hash) : bytes, async () => {
    const diffId = (hash ? `sha256:${hash.digest("hex")}` : digest) as DiffId;
    if (expected !== null && diffId !== expected) throw wrongDiffId(parent.length, expected, diffId);
    return diffId;
  });
  return { ...unpacked, blob };
}

/**
 * Stores the uncompressed tar `source` as a blob and unpacks it on `parent`, reading it once; `pin` gets the blob's digest. Done again in one's
 * turn by `registerLayer`, which finds it done unless somebody removed it meanwhile.
 * @throws InvalidArgumentError when it is no tar.
 */
export async function ingestLayer(
  stores: LayerStores,
  parent: readonly DiffId[],
  source: AsyncIterable<Uint8Array>,
  pin: Digest[] = [],
): Promise<RegisteredLayer> {
  checkDepth(parent.length + 1);
  const writer = await stores.content.writer();
  const tee = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      await writer.write(chunk);
      yield chunk;
    }
  };
  try {
    let blob: Descriptor | null = null;
    const unpacked = await unpack(stores, parent, tee(), async () => {
      const stored = await writer.commit();
      pin.push(stored.digest);
      blob = { mediaType: layerTypes.none, ...stored };
      return stored.digest as unknown as DiffId;
    });
    return { ...unpacked, blob: blob! };
  } finally {
    await writer.abort();
  }
}

/** Unpacks a layer's tar on `parent`; `finish` says which layer it is, now that all of it was read. */
async function unpack(
  { snapshots }: LayerStores,
  parent: readonly DiffId[],
  tar: AsyncIterable<Uint8Array>,
  finish: () => Promise<DiffId>,
): Promise<Omit<RegisteredLayer, "blob">> {
  const key = `unpack-${randomBytes(12).toString("hex")}`;
  await snapshots.prepare(key, chainIdOf(parent));
  try {
    try {
      await snapshots.apply(key, tar);
    } catch (error) {
      throw tarFailure(error);
    }
    const diffId = await finish();
    const chainId = chainIdOf([...parent, diffId]) as ChainId;
    await snapshots.commit(chainId, key);
    return { diffId, chainId };
  } catch (error) {
    await snapshots.remove(key);
    throw error;
  }
}

/** Docker unpacks in a process of its own, and its clients know the words. */
export function tarFailure(error: unknown): unknown {
  if (!(error instanceof InvalidArgumentError)) return error;
  return new InvalidArgumentError(`Error processing tar file(exit status 1): ${messageOf(error)}`, { cause: error });
}

/** Stores configuration and manifest of an image whose layers are here. */
export async function registerImage(
  { content, snapshots }: LayerStores,
  config: ImageConfig | Buffer,
  layers: readonly Descriptor[],
): Promise<Omit<ImageRecord, "parent" | "lastTagTime">> {
  const bytes = Buffer.isBuffer(config) ? config : Buffer.from(JSON.stringify(config));
  const parsed = Buffer.isBuffer(config) ? (JSON.parse(config.toString()) as ImageConfig) : config;
  const { digest: id, size: configSize } = await content.ingest(bytes);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: id, size: configSize },
    layers,
  };
  const stored = await content.ingest(Buffer.from(JSON.stringify(manifest)));
  let size = 0;
  for (const chainId of chainIdsOf(parsed.rootfs.diff_ids)) size += await snapshots.usage(chainId);
  return { id, manifest: { mediaType: mediaTypes.manifest, ...stored }, layers, size };
}

/** The digest of a layer's uncompressed tar. */
async function diffIdOf({ content, limits }: LayerStores, digest: Digest): Promise<DiffId> {
  const hash = createHash("sha256");
  for await (const chunk of decompressed(await content.open(digest), limits)) hash.update(chunk);
  return `sha256:${hash.digest("hex")}` as DiffId;
}

async function layerType({ content }: LayerStores, digest: Digest): Promise<string> {
  for await (const chunk of await content.open(digest)) {
    const compression = compressionOf(chunk as Buffer);
    return compression === "gzip" || compression === "zstd" ? layerTypes[compression] : layerTypes.none;
  }
  return layerTypes.none;
}

async function* hashed(source: AsyncIterable<Buffer>, hash: { update(data: Buffer): unknown }): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function wrongDiffId(index: number, expected: DiffId, actual: DiffId): InvalidArgumentError {
  return new InvalidArgumentError(`invalid diffID for layer ${index}: expected "${expected}", got "${actual}"`);
}
