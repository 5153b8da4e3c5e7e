import type { ImageBackend } from "../../docker/api/engine.ts";
import type { BuildCachePruneResponse, BuildCacheRecord } from "../../docker/api/types.ts";
import { cacheMounts, removeCacheMount } from "../build/solve/cache-mounts.ts";
import { matchesCacheFilters } from "../images/build-cache.ts";
import type { EngineContext } from "./context.ts";

/** What builds keep: the layers of their steps, and the folders of `RUN --mount=type=cache`. */
export async function buildCacheRecords({ images, layout }: EngineContext): Promise<readonly BuildCacheRecord[]> {
  return [...(await images.buildCache()), ...(await cacheMounts(layout.buildCache))];
}

/** `docker builder prune` */
export async function pruneBuildCache(
  { images, layout, clock }: EngineContext,
  options: Parameters<ImageBackend["pruneBuildCache"]>[0],
): Promise<BuildCachePruneResponse> {
  const layers = await images.pruneBuildCache(options);
  const deleted = [...(layers.CachesDeleted ?? [])];
  let reclaimed = layers.SpaceReclaimed;
  for (const record of await cacheMounts(layout.buildCache)) {
    if (options.keep > 0 || !matchesCacheFilters(record, options.filters, clock.now())) continue;
    if (!(await removeCacheMount(layout.buildCache, record.ID))) continue;
    deleted.push(record.ID);
    reclaimed += record.Size;
  }
  return { CachesDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: reclaimed };
}
