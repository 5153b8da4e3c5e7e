import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { systemClock, type Clock } from "../../base/clock.ts";
import { hasErrno } from "../../base/errors.ts";
import type { Digest } from "../../oci/digest.ts";
import { mediaTypes, type Descriptor, type ImageIndex, type Manifest } from "../../oci/manifest.ts";
import { canonicalString, familiarName, parseReference, withDefaultTag, type Reference } from "../../oci/reference.ts";
import type { ContentStore } from "../content/content-store.ts";
import { withFileLock } from "../content/file-lock.ts";
import { OciLayoutStore } from "../content/oci-layout-store.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { OverlaySnapshotter } from "../snapshots/overlay.ts";
import { collectShared, hasGarbageDue } from "./collect-shared.ts";
import type { LayerStores } from "./image-context.ts";
import { readArchive } from "./read-archive.ts";
import { StoreLease } from "./store-leases.ts";
import { registerImage, registerLayer } from "./register.ts";

/** An image in the shared store. */
export interface SharedImage {
  readonly id: Digest;
  readonly manifest: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly size: number;
}

const nameAnnotation = "io.containerd.image.name";
const sizeAnnotation = "slipway.size";
const archiveAnnotation = "slipway.archive";

/**
 * Base images that roots share: unpacked once, then only read, so that a new root has them at no cost. Its images come from docker-archive
 * tars in `base/`, by name: `base/busybox.tar`. Several engines may use one store at once: blobs and layers appear whole by a rename.
 */
export class SharedStore {
  readonly stores: LayerStores;
  readonly #snapshots: OverlaySnapshotter;
  readonly #clock: Pick<Clock, "now">;
  readonly #dir: string;
  readonly #base: string;
  readonly #kernel: Kernel;

  private constructor(
    dir: string,
    base: string,
    content: ContentStore,
    snapshots: OverlaySnapshotter,
    kernel: Kernel,
    clock: Pick<Clock, "now">,
  ) {
    this.#dir = dir;
    this.#kernel = kernel;
    this.#clock = clock;
    this.#base = base;
    this.#snapshots = snapshots;
    this.stores = { content, snapshots };
  }

  /** Opens the store in `dir`, and removes what is long unneeded; `base` is the folder of archives. */
  static async open(dir: string, base: string, kernel: Kernel, clock: Pick<Clock, "now"> = systemClock): Promise<SharedStore> {
    const content = await OciLayoutStore.open(join(dir, "content"), { shared: true });
    const store = new SharedStore(
      dir,
      base,
      content,
      new OverlaySnapshotter(join(dir, "snapshots"), kernel, { isShared: true }),
      kernel,
      clock,
    );
    if (await hasGarbageDue(dir, clock.now().getTime())) await store.#locked(async () => await store.#collect());
    return store;
  }

  /** What the root, whose folder the host calls `root`, needs of this store is kept for it by this. */
  leaseFor(root: string): StoreLease {
    return new StoreLease(this.#dir, root);
  }

  /** The image of that name, unpacked now if only its archive is there; null when there is none. */
  async find(reference: Reference): Promise<SharedImage | null> {
    const name = canonicalString(withDefaultTag(reference));
    const archive = join(this.#base, archiveName(reference));
    const version = await versionOf(archive);
    const entry = (await this.#index()).manifests.find(({ annotations }) => annotations?.[nameAnnotation] === name);
    if (entry && (version === null || entry.annotations?.[archiveAnnotation] === version)) return await this.#read(entry);
    if (version === null) return null;
    // One at a time: another may be unpacking it, or removing what nobody needs.
    return await this.#locked(async () => {
      const done = (await this.#index()).manifests.find(({ annotations }) => annotations?.[nameAnnotation] === name);
      if (done?.annotations?.[archiveAnnotation] === version) return await this.#read(done);
      return await this.#unpack(archive, version, name);
    });
  }

  async #read(entry: Descriptor): Promise<SharedImage> {
    const { annotations, ...manifest } = entry;
    const { config, layers } = JSON.parse((await this.stores.content.read(manifest.digest)).toString()) as Manifest;
    return { id: config.digest, manifest, layers, size: Number(annotations?.[sizeAnnotation]) };
  }

  async #unpack(archive: string, version: string, name: string): Promise<SharedImage | null> {
    const ingested: Digest[] = [];
    for (const image of await readArchive(createReadStream(archive), this.stores, ingested)) {
      if (!image.names.some((given) => canonicalString(withDefaultTag(parseReference(given))) === name)) continue;
      const layers: Descriptor[] = [];
      for (const [index, digest] of image.layers.entries()) {
        const parent = image.diffIds.slice(0, index);
        layers.push((await registerLayer(this.stores, parent, digest, image.diffIds[index] ?? null)).blob);
      }
      const shared = await registerImage(this.stores, image.config, layers);
      const annotations = { [nameAnnotation]: name, [archiveAnnotation]: version, [sizeAnnotation]: String(shared.size) };
      await this.stores.content.sync();
      const others = (await this.#index()).manifests.filter((entry) => entry.annotations?.[nameAnnotation] !== name);
      const manifests = [...others, { ...shared.manifest, annotations }];
      const index: ImageIndex = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
      await writeFileAtomic(join(this.#dir, "content/index.json"), JSON.stringify(index));
      await this.#collect(ingested);
      return shared;
    }
    return null;
  }

  /** `own`: what came in just now, of which nobody else can know. */
  async #collect(own: readonly Digest[] = []): Promise<void> {
    const { content } = this.stores;
    const store = { dir: this.#dir, content, snapshots: this.#snapshots, index: await this.#index() };
    await collectShared(store, this.#clock.now().getTime(), own);
  }

  async #locked<T>(action: () => Promise<T>): Promise<T> {
    return await withFileLock(this.#kernel, join(this.#dir, "lock"), action);
  }

  async #index(): Promise<ImageIndex> {
    try {
      return JSON.parse(await readFile(join(this.#dir, "content/index.json"), "utf8")) as ImageIndex;
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return { schemaVersion: 2, manifests: [] };
      throw error;
    }
  }
}

/** `busybox:latest` → `busybox.tar`, `user/app:1` → `user%2Fapp:1.tar`. */
export function archiveName(reference: Reference): string {
  const { tag } = withDefaultTag(reference);
  return `${familiarName(reference).replaceAll("/", "%2F")}${tag === "latest" || tag === undefined ? "" : `:${tag}`}.tar`;
}

/** Changes when the archive is replaced. */
async function versionOf(archive: string): Promise<string | null> {
  try {
    const { size, mtimeMs } = await stat(archive);
    return `${size}-${Math.round(mtimeMs)}`;
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return null;
    throw error;
  }
}
