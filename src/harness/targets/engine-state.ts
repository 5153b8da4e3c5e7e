import type { EngineApi } from "./engine-api.ts";
import { EngineApiError } from "./engine-api.ts";

/** What an engine holds: ids of containers, networks and images, names of volumes, and what each image is called. */
export interface EngineState {
  readonly containers: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  /** Name → image id. */
  readonly tags: ReadonlyMap<string, string>;
  readonly images: ReadonlySet<string>;
}

interface Summary {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
}

/** Looks at everything that a scenario may make. */
export async function engineState(api: EngineApi): Promise<EngineState> {
  const [containers, networks, volumes, images] = await Promise.all([
    api.get<readonly Summary[]>("/containers/json?all=1"),
    api.get<readonly Summary[]>("/networks"),
    api.get<{ Volumes: readonly { Name: string }[] | null }>("/volumes"),
    api.get<readonly Summary[]>("/images/json?all=1"),
  ]);
  const tags = new Map<string, string>();
  for (const image of images) {
    for (const tag of image.RepoTags ?? []) if (tag !== "<none>:<none>") tags.set(tag, image.Id);
  }
  return {
    containers: new Set(containers.map(({ Id }) => Id)),
    networks: new Set(networks.map(({ Id }) => Id)),
    volumes: new Set((volumes.Volumes ?? []).map(({ Name }) => Name)),
    tags,
    images: new Set(images.map(({ Id }) => Id)),
  };
}

/** Removes what is there now and was not `before`, and gives images their names back. An image that was removed is not brought back. */
export async function restoreState(api: EngineApi, before: EngineState): Promise<void> {
  const now = await engineState(api);
  await Promise.all(
    [...now.containers].filter((id) => !before.containers.has(id)).map((id) => gone(api.delete(`/containers/${id}?force=1&v=1`))),
  );
  for (const id of now.networks) if (!before.networks.has(id)) await gone(api.delete(`/networks/${id}`));
  for (const name of now.volumes) if (!before.volumes.has(name)) await gone(api.delete(`/volumes/${encodeURIComponent(name)}?force=1`));
  for (const [tag, id] of now.tags) {
    if (before.tags.get(tag) !== id) await gone(api.delete(`/images/${encodeURIComponent(tag)}?force=1`));
  }
  // An image may be refused for its children, which go with it when they come first, so go round until nothing changes.
  for (let left = [...now.images].filter((id) => !before.images.has(id)); left.length > 0;) {
    const refused: string[] = [];
    for (const id of left) if (!(await gone(api.delete(`/images/${id}?force=1`)))) refused.push(id);
    if (refused.length === left.length) break;
    left = refused;
  }
  for (const [tag, id] of before.tags) {
    if (now.tags.get(tag) === id) continue;
    const colon = tag.lastIndexOf(":");
    const query = new URLSearchParams({ repo: tag.slice(0, colon), tag: tag.slice(colon + 1) });
    await gone(api.post(`/images/${id}/tag?${query.toString()}`));
  }
}

/** True when the thing is gone; false when the engine refuses. Faults of the connection are thrown. */
async function gone(removal: Promise<unknown>): Promise<boolean> {
  try {
    await removal;
    return true;
  } catch (error) {
    if (!(error instanceof EngineApiError)) throw error;
    return error.status === 404;
  }
}
