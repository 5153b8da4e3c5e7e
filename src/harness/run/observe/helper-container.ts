import type { ContainerCreateRequest } from "../../../docker/api/types.ts";
import type { ObservedEngine } from "./engine.ts";
import { OBSERVER_LABEL } from "./event-history.ts";

/**
 * An API has no way into an image or a volume but through a container: one that is made for `look`, never started, and removed.
 * @throws NotFoundError when there is no such image.
 */
export async function withHelper<T>(
  engine: ObservedEngine,
  { image, binds = [] }: { readonly image: string; readonly binds?: readonly string[] },
  look: (id: string) => Promise<T>,
): Promise<T> {
  const request: ContainerCreateRequest = {
    Image: image,
    Entrypoint: [],
    Cmd: ["-"],
    Labels: { [OBSERVER_LABEL]: "true" },
    HostConfig: { NetworkMode: "none", Binds: binds },
  };
  const { Id } = await engine.createContainer(request);
  try {
    return await look(Id);
  } finally {
    // Its own anonymous volumes go with it; a named one stays.
    await engine.removeContainer(Id, { force: true, volumes: true });
  }
}
