import type { Readable } from "node:stream";
import { systemClock, type Clock } from "../../base/clock.ts";
import { NotFoundError, NotImplementedError, InvalidArgumentError } from "../../base/errors.ts";
import type { ImportOptions } from "../../docker/api/engine.ts";
import type * as wire from "../../docker/api/types.ts";
import { chainIdsOf } from "../../oci/chain-id.ts";
import type { ChainId, Digest } from "../../oci/digest.ts";
import { parseReference, familiarName } from "../../oci/reference.ts";
import { nameImage, targetReference } from "./add-image.ts";
import { buildCacheRecords, findCached, pruneBuildCache } from "./build-cache.ts";
import { commitImage } from "./commit.ts";
import { inspectDistribution } from "./distribution.ts";
import { composeImage } from "./compose.ts";
import type { ImageContext, ImageEvent, LayerStores } from "./image-context.ts";
import { ImageDatabase, type ImageRecord } from "./image-database.ts";
import type { Image, Images, ImageUsers } from "./images.ts";
import { KnownBlobs } from "./known-blobs.ts";
import { importImage } from "./import.ts";
import { imageHistory, inspectImage } from "./inspect.ts";
import { layerSizes, type LayerSizes } from "./layer-sizes.ts";
import { listImages } from "./list.ts";
import { loadImages } from "./load.ts";
import { pullImage } from "./pull.ts";
import { pushImage } from "./push.ts";
import { imageOf, readConfig } from "./read-config.ts";
import type { RegistryClient } from "./registry-client.ts";
import { pruneImages, removeImage } from "./remove.ts";
import { saveImages } from "./save.ts";
import type { SharedStore } from "./shared-store.ts";

export interface ImageStoreOptions extends LayerStores {
  /** Where names and images are kept. */
  readonly file: string;
  /** The root's folder as the host sees it. */
  readonly root?: string;
  readonly users: ImageUsers;
  readonly shared?: SharedStore | null;
  readonly registry?: RegistryClient | null;
  readonly clock?: Clock;
  /** Called for what `docker events` tells of images. */
  readonly onEvent?: (event: ImageEvent) => void;
}

/** The images of one root, by its content store and its snapshotter. */
export class ImageStore implements Images {
  readonly #context: ImageContext;
  private constructor(context: ImageContext) {
    this.#context = context;
  }

  static async open(options: ImageStoreOptions): Promise<ImageStore> {
    const { content, snapshots, users } = options;
    const db = await ImageDatabase.open(options.file, {
      sync: async () => await content.sync(),
      publish: async (images) => {
        await content.publish(images);
        await renew();
      },
    });
    const pinned = new Set<readonly Digest[]>();
    let changing: Promise<unknown> = Promise.resolve();
    const context: ImageContext = {
      ...(options.limits && { limits: options.limits }),
      turn: async () => {
        const previous = changing;
        let release = (): void => {};
        changing = new Promise<void>((resolve) => (release = resolve));
        await previous;
        return release;
      },
      content,
      snapshots,
      users,
      db,
      shared: options.shared ?? null,
      registry: options.registry ?? null,
      known: await KnownBlobs.open(`${options.file}.registries`),
      clock: options.clock ?? systemClock,
      emit: options.onEvent ?? (() => {}),
      pinned,
      collect: async (candidates) => {
        const needed = blobsOf(db);
        for (const digests of pinned) for (const digest of digests) needed.add(digest);
        for (const digest of new Set(candidates)) if (!needed.has(digest)) await content.remove(digest);
      },
    };
    const renew = leaseRenewal(context, options.root ?? options.file);
    for (const record of [...db.all(), ...db.cached()]) if (!(await isWhole(context, record))) db.forget(record.id);
    await content.sweep(blobsOf(db));
    await renew();
    return new ImageStore(context);
  }

  async get(ref: string): Promise<Image> {
    return await imageOf(this.#context, this.#context.db.require(ref));
  }

  async find(ref: string): Promise<Image | null> {
    const record = this.#context.db.find(ref);
    return record && (await imageOf(this.#context, record));
  }

  async all(): Promise<readonly Image[]> {
    return await Promise.all(this.#context.db.all().map(async (record) => await imageOf(this.#context, record)));
  }

  async list(options: { all: boolean; filters: wire.Filters }): Promise<readonly wire.ImageSummary[]> {
    return await listImages(this.#context, options);
  }

  async layerSizes(): Promise<LayerSizes> {
    return await layerSizes(this.#context);
  }

  async inspect(ref: string): Promise<wire.ImageInspect> {
    return await inspectImage(this.#context, this.#context.db.require(ref));
  }

  async history(ref: string): Promise<readonly wire.ImageHistoryItem[]> {
    return await imageHistory(this.#context, this.#context.db.require(ref));
  }

  async tag(ref: string, target: { repo: string; tag: string }): Promise<void> {
    await this.#alone(async () => {
      const { id } = this.#context.db.require(ref);
      const reference = targetReference(target.repo, target.tag, "refusing to create a tag with a digest reference");
      if (reference && familiarName(reference) === "sha256") {
        throw new InvalidArgumentError("refusing to create an ambiguous tag using digest algorithm as name");
      }
      if (reference) await nameImage(this.#context, reference, id);
      await this.#context.db.save();
    });
  }

  async remove(ref: string, options: { force: boolean; noPrune: boolean }): Promise<readonly wire.ImageDeleteItem[]> {
    return await this.#alone(async () => await removeImage(this.#context, ref, options));
  }

  async prune(filters: wire.Filters): Promise<{ ImagesDeleted: readonly wire.ImageDeleteItem[] | null; SpaceReclaimed: number }> {
    return await this.#alone(async () => await pruneImages(this.#context, filters));
  }

  async commit(options: Parameters<Images["commit"]>[0]): Promise<Image> {
    return await this.#alone(async () => await commitImage(this.#context, options));
  }

  async compose(options: Parameters<Images["compose"]>[0]): Promise<Image> {
    return await this.#alone(async () => await composeImage(this.#context, options));
  }

  async findCached(key: string): Promise<Image | null> {
    return await this.#alone(async () => await findCached(this.#context, key));
  }

  async buildCache(): Promise<readonly wire.BuildCacheRecord[]> {
    return await buildCacheRecords(this.#context);
  }

  async pruneBuildCache(options: Parameters<Images["pruneBuildCache"]>[0]): ReturnType<Images["pruneBuildCache"]> {
    return await this.#alone(async () => await pruneBuildCache(this.#context, options));
  }

  async cachedLayers(): Promise<readonly ChainId[]> {
    const images = await Promise.all(this.#context.db.cached().map(async (record) => await imageOf(this.#context, record)));
    return images.flatMap(({ chainId }) => chainId ?? []);
  }

  import(options: ImportOptions): AsyncIterable<wire.JsonMessage> {
    return importImage(this.#context, options);
  }

  pull(options: Parameters<Images["pull"]>[0]): AsyncIterable<wire.JsonMessage> {
    return pullImage(this.#context, options);
  }

  push(options: Parameters<Images["push"]>[0]): AsyncIterable<wire.JsonMessage> {
    const { registry } = this.#context;
    if (!registry?.serves(parseReference(options.image))) {
      throw new NotImplementedError(
        `cannot push ${options.image}: this engine cannot reach the internet; name a registry that it can reach`,
      );
    }
    return pushImage(this.#context, registry, options);
  }

  async login({ address, auth }: Parameters<Images["login"]>[0]): Promise<{ Status: string; IdentityToken: string }> {
    const { registry } = this.#context;
    const host = address
      .replace(/^https?:\/\//, "")
      .split("/", 1)
      .join("");
    const domain = host === "" ? "docker.io" : parseReference(`${host}/login`).domain;
    if (!registry?.serves({ domain, path: "login" })) {
      throw new NotImplementedError(`cannot log in to ${domain}: this engine cannot reach the internet`);
    }
    await registry.login(domain, auth);
    return { IdentityToken: "", Status: "Login Succeeded" };
  }

  async inspectDistribution(options: Parameters<Images["inspectDistribution"]>[0]): Promise<wire.DistributionInspect> {
    return await inspectDistribution(this.#context.registry, options);
  }

  async save(refs: readonly string[]): Promise<Readable> {
    return await saveImages(this.#context, refs);
  }

  load(tar: Readable, options: { quiet: boolean }): AsyncIterable<wire.JsonMessage> {
    return loadImages(this.#context, tar, options);
  }

  async #alone<T>(action: () => Promise<T>): Promise<T> {
    const release = await this.#context.turn();
    try {
      return await action();
    } finally {
      release();
    }
  }
}

/** What images are made of, those of the build cache too. */
function blobsOf(db: ImageDatabase): Set<Digest> {
  return new Set(
    [...db.all(), ...db.cached()].flatMap(({ id, manifest, layers }) => [id, manifest.digest, ...layers.map(({ digest }) => digest)]),
  );
}

/** Keeps for this root what its images have in the store that roots share. */
function leaseRenewal(context: ImageContext, root: string): () => Promise<void> {
  const { shared, db } = context;
  if (!shared) return async () => {};
  const lease = shared.leaseFor(root);
  const isShared = new Map<string, boolean>();
  const there = async (name: string, look: () => Promise<boolean>): Promise<boolean> => {
    const known = isShared.get(name) ?? (await look());
    isShared.set(name, known);
    return known;
  };
  return async () => {
    const blobs: Digest[] = [];
    const layers = new Set<ChainId>();
    for (const digest of blobsOf(db)) if (await there(digest, async () => await shared.stores.content.has(digest))) blobs.push(digest);
    for (const { id } of [...db.all(), ...db.cached()]) {
      for (const chainId of chainIdsOf((await readConfig(context, id)).rootfs.diff_ids)) {
        if (!layers.has(chainId) && (await there(chainId, async () => await shared.stores.snapshots.has(chainId)))) layers.add(chainId);
      }
    }
    await lease.renew(blobs, [...layers]);
  };
}

/** Whether everything of an image is here: a power failure, or somebody who empties the shared store, may have taken some of it. */
async function isWhole(context: ImageContext, { id, manifest, layers }: ImageRecord): Promise<boolean> {
  try {
    for (const { digest, size } of [manifest, ...layers]) if ((await context.content.size(digest)) !== size) return false;
    const { rootfs } = await readConfig(context, id);
    return (await Promise.all(chainIdsOf(rootfs.diff_ids).map(async (chainId) => await context.snapshots.has(chainId)))).every(Boolean);
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof SyntaxError) return false;
    throw error;
  }
}
