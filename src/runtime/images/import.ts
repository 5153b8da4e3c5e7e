import { InvalidArgumentError } from "../../base/errors.ts";
import type { ImportOptions } from "../../docker/api/engine.ts";
import type { JsonMessage } from "../../docker/api/types.ts";
import type { Digest } from "../../oci/digest.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import { parsePlatform } from "../../oci/parse-platform.ts";
import { decompressed } from "../../oci/tar/decompress.ts";
import { addRecord, nameImage, targetReference } from "./add-image.ts";
import { applyChanges } from "../../oci/dockerfile/apply-changes.ts";
import type { ImageContext } from "./image-context.ts";
import { ingestLayer, registerImage, registerLayer } from "./register.ts";

/** `docker import`: an image of one layer, with nothing but what `--change` says. */
export async function* importImage(context: ImageContext, options: ImportOptions): AsyncGenerator<JsonMessage, void> {
  const reference = targetReference(options.repo, options.tag, "cannot import digest reference");
  const config = applyChanges({}, options.changes);
  const { os, architecture, variant } = parsePlatform(options.platform);
  if (os !== "linux") throw new InvalidArgumentError("operating system is not supported");
  // The layer is kept uncompressed, so that its blob is the one that its diff id names; it is stored and unpacked as it comes in.
  const pin: Digest[] = [];
  context.pinned.add(pin);
  let done = (): void => {};
  try {
    const { blob, diffId } = await ingestLayer(context, [], decompressed(options.source, context.limits), pin);
    done = await context.turn();
    const layer = await registerLayer(context, [], blob.digest, diffId);
    const created = context.clock.now().toISOString();
    const comment = options.message === "" ? "Imported from -" : options.message;
    const image: ImageConfig = {
      created,
      architecture,
      ...(variant !== undefined && { variant }),
      os,
      config,
      rootfs: { type: "layers", diff_ids: [layer.diffId] },
      history: [{ created, comment }],
    };
    const record = addRecord(context, await registerImage(context, image, [layer.blob]));
    if (reference) await nameImage(context, reference, record.id);
    await context.db.save();
    context.emit({ action: "import", id: record.id, name: record.id, labels: config.Labels ?? {} });
    yield { status: record.id };
  } finally {
    context.pinned.delete(pin);
    await context.collect(pin);
    done();
  }
}
