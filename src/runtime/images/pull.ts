import { abortWith } from "../../base/abort-with.ts";
import { NotFoundError } from "../../base/errors.ts";
import type { TransferOptions } from "../../docker/api/engine.ts";
import type { JsonMessage } from "../../docker/api/types.ts";
import { parseDigest, type Digest } from "../../oci/digest.ts";
import { familiarName, familiarString, parseReference, withDefaultTag, type Reference } from "../../oci/reference.ts";
import { addRecord } from "./add-image.ts";
import { fetchBlobs, registerPulled } from "./download-image.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import type { RegistryClient } from "./registry-client.ts";
import { imageLabels } from "./read-config.ts";

/**
 * `docker pull`: from the store that roots share, else from the registry; without a registry an image that is here is up to date.
 * @throws NotFoundError with Docker's `pull access denied`, before anything is yielded.
 */
export async function* pullImage(context: ImageContext, options: TransferOptions): AsyncGenerator<JsonMessage, void> {
  const { registry } = context;
  const named = parseReference(options.image);
  if (options.tag === "" && named.tag === undefined && !named.digest && registry?.serves(named)) {
    const abort = abortWith(options.signal);
    const tags = await registry.repository(named, options.auth, abort.signal).tags();
    let isNew = false;
    for (const tag of tags) {
      const before = context.db.byReference(pulledReference({ ...options, tag }));
      for await (const message of pullOne(context, { ...options, tag })) {
        // One line says it for all.
        if (message.status?.startsWith("Status: ") !== true) yield message;
      }
      isNew ||= context.db.byReference(pulledReference({ ...options, tag })) !== before;
    }
    yield statusOf(named, isNew);
  } else {
    yield* pullOne(context, options);
  }
}

async function* pullOne(context: ImageContext, options: TransferOptions): AsyncGenerator<JsonMessage, void> {
  const reference = pulledReference(options);
  const before = context.db.byReference(reference);
  const announcement = {
    status: `Pulling from ${isHub(reference) ? reference.path : familiarName(reference).slice(reference.domain.length + 1)}`,
    id: reference.tag ?? reference.digest ?? "",
  };
  const shared = (await context.shared?.find(reference)) ?? null;
  if (shared) {
    yield announcement;
    const done = await context.turn();
    try {
      for (const { digest } of context.db.get(shared.id) ? [] : shared.layers)
        yield { status: "Pull complete", progressDetail: {}, id: shortDigest(digest) };
      yield* name(context, reference, addRecord(context, shared), shared.manifest.digest, before);
    } finally {
      done();
    }
  } else if (context.registry?.serves(reference)) {
    yield* pullFrom(context, context.registry, reference, options, { announcement, before });
  } else {
    const here = before && context.db.get(before);
    if (!here) throw denied(reference);
    yield announcement;
    yield statusOf(reference, false);
  }
}

async function* pullFrom(
  context: ImageContext,
  registry: RegistryClient,
  reference: Reference,
  { platform, auth, signal }: TransferOptions,
  { announcement, before }: { readonly announcement: JsonMessage; readonly before: Digest | null },
): AsyncGenerator<JsonMessage, void> {
  const abort = abortWith(signal);
  const fetched: Digest[] = [];
  let done = (): void => {};
  context.pinned.add(fetched);
  try {
    const repository = registry.repository(reference, auth, abort.signal);
    const remote = await repository.manifest(platform);
    yield announcement;
    const id = remote.manifest.config.digest;
    if (!context.db.get(id)) yield* fetchBlobs(context, repository, remote, fetched, abort);
    // Others need not wait for the registry, only for what is done with its answer.
    done = await context.turn();
    // What was here a moment ago may have been removed.
    if (!context.db.get(id) && fetched.length === 0) yield* fetchBlobs(context, repository, remote, fetched, abort);
    const record = context.db.get(id) ?? (yield* registerPulled(context, reference, remote));
    yield* name(context, reference, record, remote.digest, before);
  } finally {
    abort.abort();
    context.pinned.delete(fetched);
    await context.collect(fetched);
    done();
  }
}

/** Names what was pulled by tag and by digest. */
async function* name(
  context: ImageContext,
  reference: Reference,
  record: ImageRecord,
  digest: Digest,
  before: Digest | null,
): AsyncGenerator<JsonMessage, void> {
  // Docker tells of the pull alone.
  context.db.setReference(reference, record.id, context.clock.now());
  const { domain, path } = reference;
  context.db.setReference({ domain, path, digest }, record.id, context.clock.now());
  await context.db.save();
  context.emit({
    action: "pull",
    id: familiarString(reference),
    name: familiarName(reference),
    labels: await imageLabels(context, record.id),
  });
  yield { status: `Digest: ${digest}` };
  yield statusOf(reference, before !== record.id);
}

function statusOf(reference: Reference, isNew: boolean): JsonMessage {
  return { status: `Status: ${isNew ? "Downloaded newer image" : "Image is up to date"} for ${familiarString(reference)}` };
}

function pulledReference({ image, tag }: TransferOptions): Reference {
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
