import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import { hasErrno } from "../../base/errors.ts";
import type { Digest } from "../../oci/digest.ts";
import { mediaTypes, type Descriptor, type ImageIndex, type Manifest } from "../../oci/manifest.ts";
import { canonicalString, familiarName, parseReference, withDefaultTag, type Reference } from "../../oci/reference.ts";
import { withFileLock } from "../content/file-lock.ts";
import { OciLayoutStore } from "../content/oci-layout-store.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { OverlaySnapshotter } from "../snapshots/overlay.ts";
import type { LayerStores } from "./image-context.ts";
import { readArchive } from "./read-archive.ts";
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
  readonly #dir: string;
  readonly #base: string;
  readonly #kernel: Kernel;

  private constructor(dir: string, base: string, stores: LayerStores, kernel: Kernel) {
    this.#dir = dir;
    this.#kernel = kernel;
    this.#base = base;
    this.stores = stores;
  }

  /** Opens the store in `dir`; `base` is the folder of archives. */
  static async open(dir: string, base: string, kernel: Kernel): Promise<SharedStore> {
    const content = await OciLayoutStore.open(join(dir, "content"), { shared: true });
    return new SharedStore(
      dir,
      base,
      { content, snapshots: new OverlaySnapshotter(join(dir, "snapshots"), kernel, { isShared: true }) },
      kernel,
    );
  }

  /** The image of that name, unpacked now if only its archive is there; null when there is none. */
  async find(reference: Reference): Promise<SharedImage | null> {
    const name = canonicalString(withDefaultTag(reference));
    const archive = join(this.#base, archiveName(reference));
    const version = await versionOf(archive);
    const entry = (await this.#index()).manifests.find(({ annotations }) => annotations?.[nameAnnotation] === name);
    if (entry && (version === null || entry.annotations?.[archiveAnnotation] === version)) return await this.#read(entry);
    return version === null ? null : await this.#unpack(archive, version, name);
  }

  async #read(entry: Descriptor): Promise<SharedImage> {
    const { annotations, ...manifest } = entry;
    const { config, layers } = JSON.parse((await this.stores.content.read(manifest.digest)).toString()) as Manifest;
    return { id: config.digest, manifest, layers, size: Number(annotations?.[sizeAnnotation]) };
  }

  async #unpack(archive: string, version: string, name: string): Promise<SharedImage | null> {
    for (const image of await readArchive(createReadStream(archive), this.stores, [])) {
      if (!image.names.some((given) => canonicalString(withDefaultTag(parseReference(given))) === name)) continue;
      const layers: Descriptor[] = [];
      for (const [index, digest] of image.layers.entries()) {
        const parent = image.diffIds.slice(0, index);
        layers.push((await registerLayer(this.stores, parent, digest, image.diffIds[index] ?? null)).blob);
      }
      const shared = await registerImage(this.stores, image.config, layers);
      const annotations = { [nameAnnotation]: name, [archiveAnnotation]: version, [sizeAnnotation]: String(shared.size) };
      await this.stores.content.sync();
      await withFileLock(this.#kernel, join(this.#dir, "lock"), async () => {
        const others = (await this.#index()).manifests.filter((entry) => entry.annotations?.[nameAnnotation] !== name);
        const manifests = [...others, { ...shared.manifest, annotations }];
        const index: ImageIndex = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
        await writeFileAtomic(join(this.#dir, "content/index.json"), JSON.stringify(index));
      });
      return shared;
    }
    return null;
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
