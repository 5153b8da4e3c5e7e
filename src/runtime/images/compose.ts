import { hostArchitecture } from "../../oci/architecture.ts";
import type { ImageConfig } from "../../oci/image-config.ts";
import { parseReference, withDefaultTag } from "../../oci/reference.ts";
import { addRecord, nameImage } from "./add-image.ts";
import type { ImageContext } from "./image-context.ts";
import type { Image, Images } from "./images.ts";
import { imageOf } from "./read-config.ts";
import { registerImage } from "./register.ts";

/** An image of layers that are here already, as a build's last step makes it. */
export async function composeImage(context: ImageContext, options: Parameters<Images["compose"]>[0]): Promise<Image> {
  const { layersOf, config: runConfig, history, created, author, names } = options;
  const references = names.map((name) => withDefaultTag(parseReference(name)));
  const config: ImageConfig = {
    created,
    ...(author !== "" && { author }),
    architecture: layersOf?.config.architecture ?? hostArchitecture(),
    ...(layersOf?.config.variant !== undefined && { variant: layersOf.config.variant }),
    os: layersOf?.config.os ?? "linux",
    config: runConfig,
    rootfs: { type: "layers", diff_ids: layersOf?.config.rootfs.diff_ids ?? [] },
    history,
  };
  const record = addRecord(context, await registerImage(context, config, layersOf ? context.db.require(layersOf.id).layers : []));
  for (const reference of references) await nameImage(context, reference, record.id);
  await context.db.save();
  return await imageOf(context, context.db.get(record.id) ?? record);
}
