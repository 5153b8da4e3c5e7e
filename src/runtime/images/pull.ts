import { InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import type { RegistryAuth } from "../../docker/api/engine.ts";
import type { JsonMessage } from "../../docker/api/types.ts";
import { chainIdsOf } from "../../oci/chain-id.ts";
import { parseDigest, type DiffId, type Digest } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import type { Descriptor } from "../../oci/manifest.ts";
import { familiarName, familiarString, parseReference, withDefaultTag, type Reference } from "../../oci/reference.ts";
import { addRecord, nameImage } from "./add-image.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import { registerLayer } from "./register.ts";
import type { RegistryClient } from "./registry-client.ts";

interface PullOptions {
  readonly image: string;
  readonly tag: string;
  readonly platform: string;
  readonly auth: RegistryAuth | null;
}

/**
 * `docker pull`: from the store that roots share, else from the registry; without a registry an image that is here is up to date.
 * @throws NotFoundError with Docker's `pull access denied`, before anything is yielded.
 */
export async function* pullImage(context: ImageContext, options: PullOptions): AsyncGenerator<JsonMessage, void> {
  const done = await context.turn();
  try {
    yield* pull(context, options);
  } finally {
    done();
  }
}

async function* pull(context: ImageContext, options: PullOptions): AsyncGenerator<JsonMessage, void> {
  const reference = pulledReference(options);
  const before = context.db.byReference(reference);
  const announcement = {
    status: `Pulling from ${isHub(reference) ? reference.path : familiarName(reference)}`,
    id: reference.tag ?? reference.digest ?? "",
  };
  const shared = (await context.shared?.find(reference)) ?? null;
  let record: ImageRecord;
  if (shared) {
    yield announcement;
    for (const { digest } of context.db.get(shared.id) ? [] : shared.layers)
      yield { status: "Pull complete", progressDetail: {}, id: shortDigest(digest) };
    record = addRecord(context, shared);
  } else if (context.registry) {
    const { registry } = context;
    const remote = await registry.manifest(reference, options.platform, options.auth);
    yield announcement;
    record = yield* download(context, registry, reference, remote, options.auth);
  } else {
    const here = before && context.db.get(before);
    if (!here) throw denied(reference);
    yield announcement;
    yield { status: `Status: Image is up to date for ${familiarString(reference)}` };
    return;
  }
  nameImage(context, reference, record.id);
  const { domain, path } = reference;
  context.db.setReference({ domain, path, digest: record.manifest.digest }, record.id, context.clock.now());
  await context.db.save();
  context.emit({ action: "pull", id: familiarString(reference), name: familiarName(reference) });
  yield { status: `Digest: ${record.manifest.digest}` };
  const news = before === record.id ? "Image is up to date for" : "Downloaded newer image for";
  yield { status: `Status: ${news} ${familiarString(reference)}` };
}

async function* download(
  context: ImageContext,
  registry: RegistryClient,
  reference: Reference,
  remote: Awaited<ReturnType<RegistryClient["manifest"]>>,
  auth: RegistryAuth | null,
): AsyncGenerator<JsonMessage, ImageRecord> {
  const { content } = context;
  const { manifest, descriptor } = remote;
  const fetched: Digest[] = [];
  const fetch = async (blob: Descriptor): Promise<void> => {
    if (await content.has(blob.digest)) return;
    await content.ingest(await registry.blob(reference, blob, auth), blob);
    fetched.push(blob.digest);
  };
  try {
    await fetch(manifest.config);
    const config = JSON.parse((await content.read(manifest.config.digest)).toString()) as ImageConfig;
    const diffIds = config.rootfs.diff_ids.map((diffId) => parseDigest(diffId) as unknown as DiffId);
    if (diffIds.length !== manifest.layers.length) throw new InvalidArgumentError("invalid manifest, layers length mismatch");
    for (const { digest } of manifest.layers) yield { status: "Pulling fs layer", progressDetail: {}, id: shortDigest(digest) };
    for (const [index, blob] of manifest.layers.entries()) {
      await fetch(blob);
      yield { status: "Download complete", progressDetail: {}, id: shortDigest(blob.digest) };
      await registerLayer(context, diffIds.slice(0, index), blob.digest, diffIds[index] ?? null);
      yield { status: "Pull complete", progressDetail: {}, id: shortDigest(blob.digest) };
    }
    await content.ingest(remote.bytes, { digest: descriptor.digest });
    let size = 0;
    for (const chainId of chainIdsOf(diffIds)) size += await context.snapshots.usage(chainId);
    return addRecord(context, { id: manifest.config.digest, manifest: descriptor, layers: manifest.layers, size });
  } catch (error) {
    await context.collect(fetched);
    throw error;
  }
}

function pulledReference({ image, tag }: PullOptions): Reference {
  const named = parseReference(image);
  if (tag === "") return withDefaultTag(named);
  const { domain, path } = named;
  return tag.startsWith("sha256:") ? { domain, path, digest: parseDigest(tag) } : parseReference(`${domain}/${path}:${tag}`);
}

function denied(reference: Reference): NotFoundError {
  const name = familiarName(reference);
  return new NotFoundError(
    `pull access denied for ${name}, repository does not exist or may require 'docker login': no registry is configured and no image of that name is provided`,
  );
}

function isHub({ domain }: Reference): boolean {
  return domain === "docker.io";
}

function shortDigest(digest: Digest): string {
  return digest.slice("sha256:".length, "sha256:".length + 12);
}
