import type { ContainerCreateRequest } from "../../../docker/api/types.ts";
import type { Scene } from "./engine.ts";
import { OBSERVER_LABEL } from "./own-looks.ts";

/** Where a volume is seen in the container that is made to look into it. */
export const VOLUME_AT = "/slipway-volume";

/**
 * An API has no way into an image or a volume but through a container: one that is made for `look`, never started, and removed.
 * @throws NotFoundError when there is no such image.
 */
export async function withHelper<T>(
  { engine, events }: Pick<Scene, "engine" | "events">,
  { image, volume }: { readonly image: string; readonly volume?: string },
  look: (id: string) => Promise<T>,
): Promise<T> {
  const request: ContainerCreateRequest = {
    Image: image,
    Entrypoint: [],
    Cmd: ["-"],
    Labels: { [OBSERVER_LABEL]: "true" },
    HostConfig: { NetworkMode: "none", Binds: volume === undefined ? [] : [`${volume}:${VOLUME_AT}:ro,nocopy`] },
  };
  const create = (): ReturnType<typeof engine.createContainer> => engine.createContainer(request);
  const { Id } = await (volume === undefined ? create() : events.looks.note("volume create", volume, create));
  try {
    if (events.isWanted) {
      const { Mounts } = await engine.inspectContainer(Id);
      events.looks.noteVolumes(Mounts.flatMap(({ Name }) => (Name === undefined || Name === volume ? [] : [Name])));
    }
    return await look(Id);
  } finally {
    // Its own anonymous volumes go with it; a named one stays.
    await engine.removeContainer(Id, { force: true, volumes: true });
  }
}
