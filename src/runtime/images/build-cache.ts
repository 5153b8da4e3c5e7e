import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { parseUntil } from "../../base/until.ts";
import type { BuildCachePruneResponse, BuildCacheRecord, Filters } from "../../docker/api/types.ts";
import { chainIdsOf } from "../../oci/chain-id.ts";
import { hexOf } from "../../oci/digest.ts";
import type { ImageContext } from "./image-context.ts";
import { checkFilters } from "./image-filters.ts";
import type { CacheEntry, ImageRecord } from "./image-database.ts";
import type { Image, Images } from "./images.ts";
import { imageOf, readConfig } from "./read-config.ts";
import { dropLayers } from "./remove.ts";

type CachedRecord = ImageRecord & { readonly cache: CacheEntry };

/** What a step of this key made before; it counts as used. */
export async function findCached(context: ImageContext, key: string): Promise<Image | null> {
  const found = cachedRecords(context).findLast(({ cache }) => cache.key === key);
  if (!found) return null;
  const { cache } = found;
  context.db.put({ ...found, cache: { ...cache, lastUsed: context.clock.now().toISOString(), uses: cache.uses + 1 } });
  return await imageOf(context, found);
}

/** The records of the build cache, oldest first. */
export async function buildCacheRecords(context: ImageContext): Promise<readonly BuildCacheRecord[]> {
  const shared = await layersOfImages(context);
  return await Promise.all(
    cachedRecords(context).map(async ({ id, cache }) => {
      const top = (await chainOf(context, id)).at(-1);
      return {
        ID: hexOf(id).slice(0, 25),
        Type: "regular" as const,
        Description: cache.description,
        InUse: false,
        Shared: top !== undefined && shared.has(top),
        Size: top === undefined ? 0 : await context.snapshots.usage(top),
        CreatedAt: cache.created,
        LastUsedAt: cache.uses > 0 ? cache.lastUsed : null,
        UsageCount: cache.uses,
      };
    }),
  );
}

/** `docker builder prune`: records that were not used for longest go first. */
export async function pruneBuildCache(
  context: ImageContext,
  { all, filters, keep }: Parameters<Images["pruneBuildCache"]>[0],
): Promise<BuildCachePruneResponse> {
  try {
    checkFilters(filters, ["until", "unused-for", "id", "parent", "description", "type", "inuse", "shared", "private", "label", "label!"]);
  } catch (error) {
    throw new InvalidArgumentError(`failed to prune build cache: ${messageOf(error)}`, { cause: error });
  }
  const records = await buildCacheRecords(context);
  const byId = new Map(records.map((record) => [record.ID, record]));
  let left = records.reduce((sum, { Size, Shared }) => sum + (Shared ? 0 : Size), 0);
  const removed: string[] = [];
  let reclaimed = 0;
  for (const record of cachedRecords(context).toSorted((a, b) => Date.parse(a.cache.lastUsed) - Date.parse(b.cache.lastUsed))) {
    const shown = byId.get(hexOf(record.id).slice(0, 25));
    if (!shown || (!all && shown.Shared)) continue;
    if (!matchesCacheFilters(shown, filters, context.clock.now())) continue;
    if (keep > 0 && left <= keep) break;
    const config = await readConfig(context, record.id);
    context.db.delete(record.id);
    const size = shown.Shared ? 0 : shown.Size;
    await dropLayers(context, record, config);
    removed.push(shown.ID);
    reclaimed += size;
    left -= size;
  }
  await context.db.save();
  return { CachesDeleted: removed.length > 0 ? removed : null, SpaceReclaimed: reclaimed };
}

/** Whether a record is one that `--filter` asks for. */
export function matchesCacheFilters(record: BuildCacheRecord, filters: Filters, now: Date): boolean {
  const unused = (value: string): boolean => Date.parse(record.LastUsedAt ?? record.CreatedAt) <= parseUntil(value, now);
  const tests: Readonly<Record<string, (value: string) => boolean>> = {
    id: (value) => record.ID.startsWith(value),
    description: (value) => record.Description.includes(value),
    type: (value) => record.Type === value,
    inuse: () => record.InUse,
    shared: () => record.Shared,
    private: () => !record.Shared,
    // `docker system prune` says them for everything; what a build keeps has none.
    label: () => false,
    until: unused,
    "unused-for": unused,
  };
  return Object.entries(filters).every(([name, values]) => values.every((value) => tests[name]?.(value) ?? true));
}

function cachedRecords({ db }: ImageContext): readonly CachedRecord[] {
  return db.cached() as readonly CachedRecord[];
}

async function layersOfImages(context: ImageContext): Promise<ReadonlySet<string>> {
  const chains = await Promise.all(context.db.all().map(async ({ id }) => await chainOf(context, id)));
  return new Set(chains.flat());
}

async function chainOf(context: ImageContext, id: ImageRecord["id"]): Promise<ReturnType<typeof chainIdsOf>> {
  return chainIdsOf((await readConfig(context, id)).rootfs.diff_ids);
}
