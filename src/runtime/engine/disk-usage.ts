import type { DiskUsageKind } from "../../docker/api/engine.ts";
import type { VolumeInspect } from "../../docker/api/types.ts";
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
  const uses = (volume: string): number => containers.filter(({ Mounts }) => Mounts.some(({ Name }) => Name === volume)).length;
  const withUsage = async (volume: VolumeInspect): Promise<object> => {
    // It may have gone since it was listed.
    const Size = await context.volumes.size(volume.Name).catch(() => -1);
    return { ...volume, UsageData: { RefCount: uses(volume.Name), Size } };
  };
  return {
    LayersSize: (images ?? []).reduce((sum, { Size }) => sum + Size, 0),
    Images: images?.map((image) => ({ ...image, Containers: containers.filter(({ ImageID }) => ImageID === image.Id).length })) ?? null,
    Containers: kinds.includes("container") ? containers : null,
    Volumes: volumes && (await Promise.all(volumes.Volumes.map(withUsage))),
    BuildCache: buildCache,
  };
}
