import type { DiskUsageKind } from "../../docker/api/engine.ts";
import type { ImageSummary, VolumeInspect } from "../../docker/api/types.ts";
import type { Digest } from "../../oci/digest.ts";
import { buildCacheRecords } from "./build-cache.ts";
import type { EngineContext } from "./context.ts";
import { listContainers } from "./list.ts";

/** `docker system df`: of what is not asked for, null. */
export async function diskUsage(context: EngineContext, kinds: readonly DiskUsageKind[]): Promise<Readonly<Record<string, unknown>>> {
  const [images, containers, volumes, buildCache] = await Promise.all([
    kinds.includes("image") ? context.images.list({ all: true, filters: {} }) : null,
    listContainers(context, { all: true, limit: 0, size: kinds.includes("container"), filters: {} }),
    kinds.includes("volume") ? context.volumes.list({}) : null,
    kinds.includes("build-cache") ? buildCacheRecords(context) : null,
  ]);
  const layers = images && (await context.images.layerSizes());
  const withSizes = (image: ImageSummary): ImageSummary => ({
    ...image,
    SharedSize: layers?.shared.get(image.Id as Digest) ?? -1,
    Containers: containers.filter(({ ImageID }) => ImageID === image.Id).length,
  });
  const uses = (volume: string): number => containers.filter(({ Mounts }) => Mounts.some(({ Name }) => Name === volume)).length;
  const withUsage = async (volume: VolumeInspect): Promise<object> => {
    // It may have gone since it was listed.
    const Size = await context.volumes.size(volume.Name).catch(() => -1);
    return { ...volume, UsageData: { RefCount: uses(volume.Name), Size } };
  };
  return {
    LayersSize: layers?.total ?? 0,
    Images: images?.map(withSizes) ?? null,
    Containers: kinds.includes("container") ? containers : null,
    Volumes: volumes && (await Promise.all(volumes.Volumes.map(withUsage))),
    BuildCache: buildCache,
  };
}
