import type { Readable } from "node:stream";
import type { ImportOptions, RegistryAuth, TransferOptions } from "../../docker/api/engine.ts";
import type * as wire from "../../docker/api/types.ts";
import type { ChainId, Digest } from "../../oci/digest.ts";
import type { HistoryEntry, ImageConfig, ImageRunConfig } from "../../oci/image-config.ts";
import type { LayerSizes } from "./layer-sizes.ts";
import type { SnapshotKey } from "../snapshots/snapshotter.ts";

/** An image that is here. */
export interface Image {
  /** The digest of its configuration. */
  readonly id: Digest;
  readonly config: ImageConfig;
  /** Its topmost layer; null for an image without layers. */
  readonly chainId: ChainId | null;
  /** Familiar names, `busybox:latest`, sorted. */
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  /** The image that this one was committed from or built on, empty when unknown. */
  readonly parent: Digest | "";
  /** Bytes, all layers, uncompressed. */
  readonly size: number;
}

/** What the image code must know of containers, without knowing containers. */
export interface ImageUsers {
  /** Containers made from this image: short ids, and whether each runs. */
  containersOf(image: Digest): readonly { readonly id: string; readonly running: boolean }[];
}

/** The images of one root. `ref` is a name with or without tag or digest, or an unambiguous id prefix with or without `sha256:`. */
export interface Images {
  /** @throws NotFoundError with Docker's `No such image: …`. */
  get(ref: string): Promise<Image>;
  /** As `get`, but null when there is none. */
  find(ref: string): Promise<Image | null>;
  all(): Promise<readonly Image[]>;
  list(options: { all: boolean; filters: wire.Filters }): Promise<readonly wire.ImageSummary[]>;
  /** For `docker system df`. */
  layerSizes(): Promise<LayerSizes>;
  inspect(ref: string): Promise<wire.ImageInspect>;
  history(ref: string): Promise<readonly wire.ImageHistoryItem[]>;
  tag(ref: string, target: { repo: string; tag: string }): Promise<void>;
  remove(ref: string, options: { force: boolean; noPrune: boolean }): Promise<readonly wire.ImageDeleteItem[]>;
  prune(filters: wire.Filters): Promise<{ ImagesDeleted: readonly wire.ImageDeleteItem[] | null; SpaceReclaimed: number }>;
  /**
   * Makes an image of a container's changes: one layer of exactly its `diff`. Without a snapshot it differs in its configuration only;
   * without a parent it is the first of its kind.
   */
  commit(options: {
    readonly snapshot: SnapshotKey | null;
    readonly parent: Image | null;
    /** Empty for none. */
    readonly containerId: string;
    readonly config: ImageRunConfig;
    readonly history: HistoryEntry;
    readonly author: string;
    readonly repo: string;
    readonly tag: string;
    /** For a step of a build: it is a record of the build cache, and no image. */
    readonly cache?: { readonly key: string; readonly description: string };
    /** Seconds since the epoch: nothing in the layer is younger. */
    readonly newest?: number | null;
  }): Promise<Image>;
  /** Makes an image of another one's layers with a configuration and a history of its own. `names` are whole references. */
  compose(options: {
    /** null for none. */
    readonly layersOf: Image | null;
    readonly config: ImageRunConfig;
    readonly history: readonly HistoryEntry[];
    readonly created: string;
    readonly author: string;
    readonly names: readonly string[];
  }): Promise<Image>;
  /** What a step of this key made before, which counts as used now. */
  findCached(key: string): Promise<Image | null>;
  buildCache(): Promise<readonly wire.BuildCacheRecord[]>;
  /** Removes records of the build cache: those whose layers no image has, or all. @throws InvalidArgumentError for a filter there is not. */
  pruneBuildCache(options: {
    readonly all: boolean;
    readonly filters: wire.Filters;
    /** Bytes that may stay. */
    readonly keep: number;
  }): Promise<wire.BuildCachePruneResponse>;
  import(options: ImportOptions): AsyncIterable<wire.JsonMessage>;
  pull(options: TransferOptions): AsyncIterable<wire.JsonMessage>;
  push(options: TransferOptions): AsyncIterable<wire.JsonMessage>;
  login(options: { address: string; auth: RegistryAuth }): Promise<{ Status: string; IdentityToken: string }>;
  inspectDistribution(options: { name: string; auth: RegistryAuth | null }): Promise<wire.DistributionInspect>;
  save(refs: readonly string[]): Promise<Readable>;
  load(tar: Readable, options: { quiet: boolean }): AsyncIterable<wire.JsonMessage>;
}
