import { abortWith } from "../../base/abort-with.ts";
import { Readable } from "node:stream";
import { InternalError, NotFoundError } from "../../base/errors.ts";
import type { TransferOptions } from "../../docker/api/engine.ts";
import type { JsonMessage } from "../../docker/api/types.ts";
import { mediaTypes, type Descriptor } from "../../oci/manifest.ts";
import { familiarName, familiarString, parseReference, type Reference } from "../../oci/reference.ts";
import { gzipped } from "../../oci/tar/gzipped.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import { inParallel } from "./message-channel.ts";
import { layerMessage, progressOf } from "./progress.ts";
import { imageLabels, readConfig } from "./read-config.ts";
import { retryText } from "./registry/backoff.ts";
import { parsePlatform } from "../../oci/parse-platform.ts";
import type { RegistryClient, Repository } from "./registry-client.ts";

/** Layers that are on their way at once. */
const width = 3;

/** Neighbouring repositories that are asked for a layer. */
const mountLimit = 3;

/** `docker push`: what is wrong comes after the first message, as from dockerd. */
export async function* pushImage(
  context: ImageContext,
  registry: RegistryClient,
  options: TransferOptions,
): AsyncGenerator<JsonMessage, void> {
  const named = parseReference(options.image);
  const references = options.tag === "" && named.tag === undefined ? context.db.tagsOf(named) : [tagged(named, options.tag)];
  yield { status: `The push refers to repository [${named.domain}/${named.path}]` };
  if (references.length === 0) throw nothingToPush(named);
  const abort = abortWith(options.signal);
  try {
    for (const reference of references) {
      const id = context.db.byReference(reference);
      const record = id && context.db.get(id);
      if (!record)
        throw context.db.tagsOf(named).length === 0
          ? nothingToPush(named)
          : new NotFoundError(`tag does not exist: ${familiarString(reference)}`);
      await checkPlatform(context, record, reference, options.platform);
      yield* push(context, registry.repository(reference, options.auth, abort.signal), reference, record, abort);
    }
  } finally {
    abort.abort();
  }
}

/** @throws NotFoundError when the image is of another platform than the one to be pushed. */
async function checkPlatform(context: ImageContext, { id }: ImageRecord, reference: Reference, platform: string): Promise<void> {
  if (platform === "") return;
  const wanted = parsePlatform(platform);
  const { os, architecture, variant = "" } = await readConfig(context, id);
  if (wanted.os === os && wanted.architecture === architecture && (wanted.variant ?? variant) === variant) return;
  const actual = `${os}/${architecture}${variant === "" ? "" : `/${variant}`}`;
  const found = `image with reference ${familiarString(reference)} was found but does not match the specified platform`;
  throw new NotFoundError(`${found}: wanted ${platform}, actual: ${actual}`);
}

async function* push(
  context: ImageContext,
  repository: Repository,
  reference: Reference,
  record: ImageRecord,
  abort: AbortController,
): AsyncGenerator<JsonMessage, void> {
  const { content, db, known } = context;
  const { rootfs } = await readConfig(context, record.id);
  const layers = record.layers.map((stored, index) => ({ stored, id: rootfs.diff_ids[index]?.slice(7, 19) ?? "" }));
  const pushed = new Map<string, Descriptor>();
  // From the top, as dockerd.
  const unique = [...new Map(layers.map((layer) => [layer.stored.digest, layer])).values()].toReversed();
  for (const { id } of unique) yield layerMessage(id, "Preparing");
  yield* inParallel<(typeof unique)[number], JsonMessage>(unique, width, abort, async ({ stored, id }, send) => {
    try {
      pushed.set(stored.digest, await pushLayer(context, repository, reference, stored, id, send));
    } catch (error) {
      // dockerd does not say here what it was about to ask.
      const missing = "no basic auth credentials";
      throw error instanceof InternalError && error.message.endsWith(missing) ? new InternalError(missing, { cause: error }) : error;
    }
  });
  await known.save();
  if ((await repository.hasBlob(record.id)) === null) await repository.upload(async () => await content.open(record.id));
  const stored = await content.read(record.manifest.digest);
  const isAsStored = record.layers.every(({ digest }) => pushed.get(digest)?.digest === digest);
  const manifest = isAsStored
    ? { bytes: stored, mediaType: record.manifest.mediaType }
    : dockerManifest(
        { id: record.id, size: await content.size(record.id) },
        record.layers.map(({ digest }) => pushed.get(digest)!),
      );
  const digest = await repository.putManifest(manifest.bytes, manifest.mediaType);
  const { domain, path, tag = "" } = reference;
  db.setReference({ domain, path, digest }, record.id, context.clock.now());
  await db.save();
  context.emit({
    action: "push",
    id: familiarString(reference),
    name: familiarName(reference),
    labels: await imageLabels(context, record.id),
  });
  const size = manifest.bytes.length;
  yield { status: `${tag}: digest: ${digest} size: ${size}` };
  yield { progressDetail: {}, aux: { Tag: tag, Digest: digest, Size: size } };
}

/** Sends one layer, unless the registry has it; gives it as it is there. */
async function pushLayer(
  { content, known }: ImageContext,
  repository: Repository,
  reference: Reference,
  stored: Descriptor,
  id: string,
  send: (message: JsonMessage) => void,
): Promise<Descriptor> {
  const isPlain = stored.mediaType === mediaTypes.layer || stored.mediaType === mediaTypes.dockerLayer;
  const there = isPlain ? known.blob(stored.digest) : stored;
  const finish = (blob: Descriptor, status: string): Descriptor => {
    known.add(stored.digest, blob, reference);
    send(layerMessage(id, status));
    return blob;
  };
  if (there) {
    if ((await repository.hasBlob(there.digest)) === there.size) return finish(there, "Layer already exists");
    for (const from of known.neighbours(stored.digest, reference).slice(0, mountLimit)) {
      if (await repository.mount(there.digest, from)) return finish(there, `Mounted from ${from}`);
    }
  }
  const onBytes = progressOf(id, "Pushing", stored.size, send);
  const source = async (): Promise<Readable> => {
    let read = 0;
    const file = await content.open(stored.digest);
    file.on("data", (chunk: Buffer) => onBytes((read += chunk.length)));
    file.pause();
    if (!isPlain) return file;
    return Readable.from(gzipped(file), { objectMode: false });
  };
  const onRetry = (delayMs: number): void => send(layerMessage(id, retryText(delayMs)));
  const sent = await repository.upload(source, { onRetry });
  return finish({ mediaType: isPlain ? mediaTypes.dockerLayerGzip : stored.mediaType, ...sent }, "Pushed");
}

/** Docker's form, byte for byte, for an image whose layers were compressed on their way (distribution's `schema2`). */
function dockerManifest(config: { id: string; size: number }, layers: readonly Descriptor[]): { bytes: Buffer; mediaType: string } {
  const types: Readonly<Record<string, string>> = { [mediaTypes.layerGzip]: mediaTypes.dockerLayerGzip };
  const mediaType = mediaTypes.dockerManifest;
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: mediaTypes.dockerConfig, size: config.size, digest: config.id },
    layers: layers.map(({ mediaType: type, size, digest }) => ({ mediaType: types[type] ?? type, size, digest })),
  };
  return { bytes: Buffer.from(JSON.stringify(manifest, null, 3)), mediaType };
}

function tagged({ domain, path, tag }: Reference, wanted: string): Reference {
  return parseReference(`${domain}/${path}:${wanted || (tag ?? "latest")}`);
}

function nothingToPush(reference: Reference): NotFoundError {
  const { domain, path } = reference;
  return new NotFoundError(`An image does not exist locally with the tag: ${familiarName({ domain, path })}`);
}
