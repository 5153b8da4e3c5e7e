import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { JsonMessage } from "../../src/docker/api/types.ts";
import { digestOf, hexOf } from "../../src/oci/digest.ts";
import type { ImageConfig } from "../../src/oci/image-config.ts";
import { defaultUnpackLimits, type UnpackLimits } from "../../src/oci/tar/unpack-limits.ts";
import { LayeredStore } from "../../src/runtime/content/layered-store.ts";
import { OciLayoutStore } from "../../src/runtime/content/oci-layout-store.ts";
import { ImageStore } from "../../src/runtime/images/image-store.ts";
import type { RegistryClient } from "../../src/runtime/images/registry-client.ts";
import { SharedStore } from "../../src/runtime/images/shared-store.ts";
import { LinuxKernel } from "../../src/runtime/kernel/linux.ts";
import { OverlaySnapshotter } from "../../src/runtime/snapshots/overlay.ts";
import { file, tarOf, type TarItem } from "./tar-of.ts";

/** Stores of images in a temporary folder, with containers that a test makes up. */
export class ImageWorld implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "images-"));
  readonly base = join(this.folder, "shared/base");
  readonly containers: { id: string; running: boolean; image: string }[] = [];
  readonly events: string[] = [];
  readonly kernel = new LinuxKernel();

  constructor() {
    mkdirSync(this.base, { recursive: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Opens a root, anew or again. */
  async root(
    name = "root",
    limits: UnpackLimits = defaultUnpackLimits,
    registry: RegistryClient | null = null,
  ): Promise<{ images: ImageStore; snapshots: OverlaySnapshotter; upper: (key: string) => string }> {
    const dir = join(this.folder, name);
    const shared = await SharedStore.open(join(this.folder, "shared"), this.base, this.kernel);
    const snapshots = new OverlaySnapshotter(join(dir, "snapshots"), this.kernel, {
      shared: join(this.folder, "shared/snapshots"),
      limits,
    });
    const content = new LayeredStore(await OciLayoutStore.open(join(dir, "content")), shared.stores.content);
    const users = { containersOf: (image: string) => this.containers.filter((container) => container.image === image) };
    const onEvent = ({ action }: { action: string }): number => this.events.push(action);
    const images = await ImageStore.open({ file: join(dir, "images.json"), content, snapshots, limits, users, shared, registry, onEvent });
    return { images, snapshots, upper: (key) => join(dir, "snapshots/active", key, "upper") };
  }

  /** Puts an archive where the shared store looks for it. */
  provide(name: string, archive: Buffer): void {
    writeFileSync(join(this.base, `${name}.tar`), archive);
  }
}

/** A docker-archive of one image, a layer a list of entries. */
export function dockerArchive(name: string | null, layers: readonly (readonly TarItem[])[], change: Partial<ImageConfig> = {}): Buffer {
  const tars = layers.map((items) => tarOf(...items));
  const config = {
    created: "2024-01-01T00:00:00Z",
    architecture: "amd64",
    os: "linux",
    config: { Cmd: ["sh"] },
    rootfs: { type: "layers", diff_ids: tars.map((tar) => digestOf(tar)) },
    history: tars.map((_, index) => ({ created: "2024-01-01T00:00:00Z", created_by: `layer ${index}` })),
    ...change,
  };
  const json = JSON.stringify(config);
  const configName = `${hexOf(digestOf(json))}.json`;
  const manifest = [{ Config: configName, RepoTags: name === null ? null : [name], Layers: tars.map((_, index) => `${index}/layer.tar`) }];
  return tarOf(
    ...tars.map((tar, index) => file(`${index}/layer.tar`, tar)),
    file(configName, json),
    file("manifest.json", JSON.stringify(manifest)),
  );
}

export async function messagesOf(stream: AsyncIterable<JsonMessage>): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { stream: text, status, id, error } of stream) {
    if (error !== undefined) throw new Error(error);
    lines.push(text ?? (id === undefined ? (status ?? "") : `${id}: ${status}`));
  }
  return lines;
}

export async function load(images: ImageStore, archive: Buffer): Promise<readonly string[]> {
  return await messagesOf(images.load(Readable.from([archive]), { quiet: true }));
}
