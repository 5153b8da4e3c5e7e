import type { Filters } from "../api/types.ts";
import type { UnixClient } from "../client/unix-client.ts";

/** What one kind of pruning did: what to print, and the bytes that it freed. */
export interface Pruned {
  readonly report: string;
  readonly bytes: number;
}

/** Removes stopped containers. */
export async function pruneContainers(client: UnixClient, filters: Filters): Promise<Pruned> {
  const { ContainersDeleted, SpaceReclaimed } = await client.pruneContainers(filters);
  return pruned("Deleted Containers:", ContainersDeleted ?? [], SpaceReclaimed);
}

/** Removes images without a name, or with `all` every image that no container uses. */
export async function pruneImages(client: UnixClient, filters: Filters, all: boolean): Promise<Pruned> {
  const { ImagesDeleted, SpaceReclaimed } = await client.pruneImages({
    ...filters,
    dangling: [...(filters["dangling"] ?? []), String(!all)],
  });
  const lines = (ImagesDeleted ?? []).map((item) => ("Deleted" in item ? `deleted: ${item.Deleted}` : `untagged: ${item.Untagged}`));
  return pruned("Deleted Images:", lines, SpaceReclaimed);
}

/** Removes what builds kept and nothing uses; with `all` also what images still have. */
export async function pruneBuildCache(client: UnixClient, filters: Filters, all: boolean): Promise<Pruned> {
  const { CachesDeleted, SpaceReclaimed } = await client.pruneBuildCache({ all, filters, keep: 0 });
  return pruned("Deleted build cache objects:", CachesDeleted ?? [], SpaceReclaimed);
}

/** Removes networks that no container uses. */
export async function pruneNetworks(client: UnixClient, filters: Filters): Promise<Pruned> {
  return pruned("Deleted Networks:", (await client.pruneNetworks(filters)).NetworksDeleted ?? [], 0);
}

/** From this version on the API prunes only anonymous volumes unless it is told `all`. */
const API_ANONYMOUS_VOLUMES = 1.42;

/** Whether the engine leaves named volumes alone unless it is told to prune `all`. */
export async function keepsNamedVolumes(client: UnixClient): Promise<boolean> {
  return Number((await client.ping())["api-version"] ?? 0) >= API_ANONYMOUS_VOLUMES;
}

/** Removes anonymous volumes that no container uses; with `all`, or from an older daemon, named ones too. */
export async function pruneVolumes(client: UnixClient, filters: Filters, all: boolean): Promise<Pruned> {
  const { VolumesDeleted, SpaceReclaimed } = await client.pruneVolumes({ ...(all && { all: ["true"] }), ...filters });
  return pruned("Deleted Volumes:", VolumesDeleted ?? [], SpaceReclaimed);
}

function pruned(title: string, lines: readonly string[], bytes: number): Pruned {
  return { report: lines.length === 0 ? "" : `${[title, ...lines].join("\n")}\n\n`, bytes: lines.length === 0 ? 0 : bytes };
}
