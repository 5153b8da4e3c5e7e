import type { Readable } from "node:stream";
import { hostArchitecture } from "../../oci/architecture.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import { tarEnd } from "../../oci/tar/write-tar.ts";
import { addRecord, nameImage, targetReference } from "./add-image.ts";
import type { ImageContext } from "./image-context.ts";
import type { Image, Images } from "./images.ts";
import { imageOf } from "./read-config.ts";
import { ingestLayer, registerImage } from "./register.ts";

/** `docker commit`: the parent and one layer of the container's changes, or none when there are no changes. */
export async function commitImage(context: ImageContext, options: Parameters<Images["commit"]>[0]): Promise<Image> {
  const { parent, history } = options;
  const reference = targetReference(options.repo, options.tag, "refusing to create a tag with a digest reference");
  const { snapshots, db } = context;
  const below = parent?.config.rootfs.diff_ids ?? [];
  const changes =
    options.snapshot === null ? null : await unlessEmpty(await snapshots.diff(options.snapshot, { newest: options.newest ?? null }));
  const layer = changes && (await ingestLayer(context, below, changes));
  const config: ImageConfig = {
    created: history.created ?? context.clock.now().toISOString(),
    ...(options.author !== "" && { author: options.author }),
    architecture: parent?.config.architecture ?? hostArchitecture(),
    ...(parent?.config.variant !== undefined && { variant: parent.config.variant }),
    os: parent?.config.os ?? "linux",
    config: options.config,
    rootfs: { type: "layers", diff_ids: layer ? [...below, layer.diffId] : below },
    history: [...(parent?.config.history ?? []), layer ? history : { ...history, empty_layer: true }],
    ...(options.containerId !== "" && { container: options.containerId }),
  };
  const layers = parent ? db.require(parent.id).layers : [];
  const registered = await registerImage(context, config, layer ? [...layers, layer.blob] : layers);
  const now = context.clock.now().toISOString();
  const added = addRecord(context, registered, options.cache ? "" : (parent?.id ?? ""));
  const record = options.cache ? { ...added, cache: { ...options.cache, created: now, lastUsed: now, uses: 0 } } : added;
  db.put(record);
  if (reference) await nameImage(context, reference, record.id);
  await db.save();
  return await imageOf(context, db.get(record.id) ?? record);
}

/** The tar, or null when it has no entry: Docker makes no layer of that. */
async function unlessEmpty(tar: Readable): Promise<AsyncIterable<Uint8Array> | null> {
  const chunks = tar[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const first = await chunks.next();
  // The first piece has at least one entry, if there is any.
  if (first.done || first.value.length <= tarEnd.length) return null;
  return (async function* () {
    yield first.value;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  })();
}
