import { InternalError, InvalidArgumentError } from "../../base/errors.ts";
import type { JsonMessage } from "../../docker/api/types.ts";
import { chainIdsOf } from "../../oci/chain-id.ts";
import { parseDigest, type DiffId, type Digest } from "../../oci/digest.ts";
import type { Descriptor } from "../../oci/manifest.ts";
import type { Reference } from "../../oci/reference.ts";
import { addRecord } from "./add-image.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import { inParallel } from "./message-channel.ts";
import { layerMessage, progressOf } from "./progress.ts";
import { checkDepth, registerLayer } from "./register.ts";
import { retryText } from "./registry/backoff.ts";
import type { RemoteImage, Repository } from "./registry-client.ts";

/** Layers that are on their way at once, as in dockerd. */
const width = 3;

/** Fetches all blobs of an image into the content store; `fetched` is told which were not there. Each counts once its digest is right. */
export async function* fetchBlobs(
  { content }: ImageContext,
  repository: Repository,
  { manifest }: RemoteImage,
  fetched: Digest[],
  abort: AbortController,
): AsyncGenerator<JsonMessage, void> {
  const fetch = async (blob: Descriptor, what: string, send: (message: JsonMessage) => void): Promise<void> => {
    const id = shortDigest(blob.digest);
    const onBytes = progressOf(id, "Downloading", blob.size, send);
    const onRetry = (delayMs: number): void => send(layerMessage(id, retryText(delayMs)));
    // Another who needs it may remove it meanwhile, unless it is ours, too.
    fetched.push(blob.digest);
    if (await content.has(blob.digest)) return;
    const source = repository.blob(blob, what === "image config" ? {} : { onBytes, onRetry });
    try {
      await content.ingest(source, blob);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new InternalError(`${what} verification failed for digest ${blob.digest}`, { cause: error });
    } finally {
      source.destroy();
    }
  };
  checkDepth(manifest.layers.length);
  await fetch(manifest.config, "image config", () => {});
  await diffIdsOf({ content }, manifest);
  const layers = [...new Map(manifest.layers.map((layer) => [layer.digest, layer])).values()];
  for (const { digest } of layers) yield layerMessage(shortDigest(digest), "Pulling fs layer");
  yield* inParallel<Descriptor, JsonMessage>(layers, width, abort, async (layer, send) => {
    await fetch(layer, "filesystem layer", send);
    send(layerMessage(shortDigest(layer.digest), "Download complete"));
  });
}

/** Unpacks an image whose blobs are all here, and adds it. */
export async function* registerPulled(
  context: ImageContext,
  reference: Reference,
  { manifest, descriptor, bytes }: RemoteImage,
): AsyncGenerator<JsonMessage, ImageRecord> {
  const { content, known, snapshots } = context;
  const diffIds = await diffIdsOf(context, manifest);
  for (const [index, blob] of manifest.layers.entries()) {
    await registerLayer(context, diffIds.slice(0, index), blob.digest, diffIds[index] ?? null);
    known.add(blob.digest, blob, reference);
    yield layerMessage(shortDigest(blob.digest), "Pull complete");
  }
  await content.ingest(bytes, { digest: descriptor.digest });
  let size = 0;
  for (const chainId of chainIdsOf(diffIds)) size += await snapshots.usage(chainId);
  await known.save();
  return addRecord(context, { id: manifest.config.digest, manifest: descriptor, layers: manifest.layers, size });
}

/** The layers that the configuration tells of. @throws InvalidArgumentError when they are not the manifest's. */
async function diffIdsOf(
  { content }: Pick<ImageContext, "content">,
  { config, layers }: RemoteImage["manifest"],
): Promise<readonly DiffId[]> {
  let diffIds: unknown;
  try {
    const value = JSON.parse((await content.read(config.digest)).toString()) as { rootfs?: { diff_ids?: unknown } } | null;
    diffIds = value?.rootfs?.diff_ids ?? [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!Array.isArray(diffIds) || !diffIds.every((each) => typeof each === "string")) {
    throw new InvalidArgumentError("invalid image configuration: it tells of no layers");
  }
  if (diffIds.length !== layers.length) throw new InvalidArgumentError("invalid manifest, layers length mismatch");
  return diffIds.map((diffId) => parseDigest(diffId) as unknown as DiffId);
}

function shortDigest(digest: Digest): string {
  return digest.slice("sha256:".length, "sha256:".length + 12);
}
