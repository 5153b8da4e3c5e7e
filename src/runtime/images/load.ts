import type { Readable } from "node:stream";
import { InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import type { JsonMessage } from "../../docker/api/types.ts";
import { chainIdOf } from "../../oci/chain-id.ts";
import type { ChainId, Digest } from "../../oci/digest.ts";
import type { Descriptor } from "../../oci/manifest.ts";
import { familiarString, parseReference, withDefaultTag } from "../../oci/reference.ts";
import { addRecord } from "./add-image.ts";
import type { ImageContext } from "./image-context.ts";
import type { ImageRecord } from "./image-database.ts";
import { readArchive, type ArchivedImage } from "./read-archive.ts";
import { registerImage, registerLayer } from "./register.ts";
import { imageLabels } from "./read-config.ts";

/** `docker load`: the images of a docker-archive or an OCI layout. */
export async function* loadImages(context: ImageContext, tar: Readable, { quiet }: { quiet: boolean }): AsyncGenerator<JsonMessage, void> {
  const ingested: Digest[] = [];
  let done = (): void => {};
  context.pinned.add(ingested);
  try {
    const images = await readArchive(tar, context, ingested);
    done = await context.turn();
    for (const image of images) {
      const record = yield* loadOne(context, image, quiet);
      for (const name of image.names) {
        const reference = withDefaultTag(parseReference(name));
        // Docker tells of the load alone.
        const before = context.db.setReference(reference, record.id, context.clock.now());
        if (before !== null && before !== record.id) {
          const text = `The image ${familiarString(reference)} already exists, renaming the old one with ID ${before} to empty string\n`;
          yield { stream: text };
        }
        yield { stream: `Loaded image: ${familiarString(reference)}\n` };
      }
      if (image.names.length === 0) yield { stream: `Loaded image ID: ${record.id}\n` };
      await context.db.save();
      context.emit({ action: "load", id: record.id, name: record.id, labels: await imageLabels(context, record.id) });
    }
  } catch (error) {
    // Docker answers 200 before it looks, and tells of what is wrong in the stream.
    if (!(error instanceof InvalidArgumentError || error instanceof NotFoundError)) throw error;
    yield { error: error.message, errorDetail: { message: error.message } };
  } finally {
    context.pinned.delete(ingested);
    await context.collect(ingested);
    done();
  }
}

async function* loadOne(context: ImageContext, image: ArchivedImage, quiet: boolean): AsyncGenerator<JsonMessage, ImageRecord> {
  const layers: Descriptor[] = [];
  for (const [index, digest] of image.layers.entries()) {
    const diffIds = image.diffIds.slice(0, index + 1);
    const isNew = !(await context.snapshots.has(chainIdOf(diffIds) as ChainId));
    const id = image.diffIds[index]?.slice("sha256:".length, "sha256:".length + 12) ?? "";
    const total = await context.content.size(digest);
    if (isNew && !quiet) yield { status: "Loading layer", progressDetail: { current: 0, total }, id };
    layers.push((await registerLayer(context, diffIds.slice(0, -1), digest, image.diffIds[index] ?? null)).blob);
    if (isNew && !quiet) yield { status: "Loading layer", progressDetail: { current: total, total }, id };
  }
  return addRecord(context, await registerImage(context, image.config, layers));
}
