import type { Filters, ImageSummary } from "../../docker/api/types.ts";
import type { Digest } from "../../oci/digest.ts";
import type { EngineContext } from "./context.ts";

/** `docker images`; with `sharedSize` also how many bytes of each image others have too, which takes a look at every layer. */
export async function listImages(
  { images }: EngineContext,
  { sharedSize = false, ...options }: { readonly all: boolean; readonly filters: Filters; readonly sharedSize?: boolean },
): Promise<readonly ImageSummary[]> {
  const listed = await images.list(options);
  if (!sharedSize) return listed;
  const { shared } = await images.layerSizes();
  return listed.map((image) => ({ ...image, SharedSize: shared.get(image.Id as Digest) ?? -1 }));
}
