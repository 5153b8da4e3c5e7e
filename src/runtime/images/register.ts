import { createHash, randomBytes } from "node:crypto";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { chainIdOf, chainIdsOf } from "../../oci/chain-id.ts";
import { digestOf, type ChainId, type DiffId, type Digest } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import { mediaTypes, type Descriptor, type Manifest } from "../../oci/manifest.ts";
import { compressionOf, decompressed } from "../../oci/tar/decompress.ts";
import type { LayerStores } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";

const layerTypes = { none: mediaTypes.layer, gzip: mediaTypes.layerGzip, zstd: mediaTypes.layerZstd } as const;

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
  const key = `unpack-${randomBytes(12).toString("hex")}`;
  await snapshots.prepare(key, chainIdOf(parent));
  try {
    const hash = createHash("sha256");
    try {
      await snapshots.apply(key, hashed(decompressed(await content.open(digest)), hash));
    } catch (error) {
      throw tarFailure(error);
    }
    const diffId = `sha256:${hash.digest("hex")}` as DiffId;
    if (expected !== null && diffId !== expected) throw wrongDiffId(parent.length, expected, diffId);
    const chainId = chainIdOf([...parent, diffId]) as ChainId;
    await snapshots.commit(chainId, key);
    return { diffId, chainId, blob };
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
async function diffIdOf({ content }: LayerStores, digest: Digest): Promise<DiffId> {
  const hash = createHash("sha256");
  for await (const chunk of decompressed(await content.open(digest))) hash.update(chunk);
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

/** A layer without any file: two empty blocks. Docker makes no layer of it. */
export const emptyLayer = digestOf(Buffer.alloc(1024));
