import { ConflictError, InternalError, NotFoundError } from "../../base/errors.ts";
import type { UnixClient } from "../../docker/client/unix-client.ts";

/** What an engine holds: ids of containers, networks and images, names of volumes, and what each image is called. */
export interface EngineState {
  readonly containers: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  /** Name → image id. */
  readonly tags: ReadonlyMap<string, string>;
  readonly images: ReadonlySet<string>;
}

/** Looks at everything that a scenario may make. */
export async function engineState(client: UnixClient): Promise<EngineState> {
  const [containers, networks, volumes, images] = await Promise.all([
    client.listContainers({ all: true }),
    client.listNetworks(),
    client.listVolumes(),
    client.listImages({ all: true }),
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

/** The containers, networks and volumes that are there `now` and were not `before`, a line each. */
export function added(before: EngineState, now: EngineState): readonly string[] {
  return (["containers", "networks", "volumes"] as const).flatMap((kind) =>
    [...now[kind]].filter((id) => !before[kind].has(id)).map((id) => `the ${kind.slice(0, -1)} ${id}`),
  );
}

/** Removes what is there now and was not `before`, and gives images their names back. An image that was removed is not brought back. */
export async function restoreState(client: UnixClient, before: EngineState): Promise<void> {
  const now = await engineState(client);
  const containers = [...now.containers].filter((id) => !before.containers.has(id));
  await Promise.all(containers.map((id) => gone(client.removeContainer(id, { force: true, volumes: true }))));
  for (const id of now.networks) if (!before.networks.has(id)) await gone(client.removeNetwork(id));
  for (const name of now.volumes) if (!before.volumes.has(name)) await gone(client.removeVolume(name, { force: true }));
  for (const [tag, id] of now.tags) if (before.tags.get(tag) !== id) await gone(client.removeImage(tag, { force: true }));
  // An image may be refused for its children, which go when their turn comes, so go round until nothing changes.
  for (let left = [...now.images].filter((id) => !before.images.has(id)); left.length > 0;) {
    const refused: string[] = [];
    for (const id of left) if (!(await gone(client.removeImage(id, { force: true })))) refused.push(id);
    if (refused.length === left.length) break;
    left = refused;
  }
  for (const [tag, id] of before.tags) {
    if (now.tags.get(tag) === id) continue;
    const colon = tag.lastIndexOf(":");
    await gone(client.tagImage(id, { repo: tag.slice(0, colon), tag: tag.slice(colon + 1) }));
  }
}

/** True when it is done or there is nothing to do; false when the engine refuses. Faults of the connection are thrown. */
async function gone(removal: Promise<unknown>): Promise<boolean> {
  try {
    await removal;
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return true;
    if (error instanceof ConflictError || error instanceof InternalError) return false;
    throw error;
  }
}
