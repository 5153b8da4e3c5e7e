import type { Engine } from "../api/engine.ts";
import type { Route } from "./router.ts";
import { archiveRoutes } from "./routes/archive.ts";
import { buildRoutes } from "./routes/build.ts";
import { containerRoutes } from "./routes/containers.ts";
import { execRoutes } from "./routes/exec.ts";
import { imageRoutes } from "./routes/images.ts";
import { imageTransferRoutes } from "./routes/image-transfer.ts";
import { networkRoutes } from "./routes/networks.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { swarmRoutes } from "./routes/swarm.ts";
import { systemRoutes } from "./routes/system.ts";
import { volumeRoutes } from "./routes/volumes.ts";

/** Every route of the API, each on the part of the engine that it needs. */
export function routesOf(engine: Engine): readonly Route[] {
  return [
    ...systemRoutes(engine),
    ...containerRoutes(engine),
    ...sessionRoutes(engine),
    ...archiveRoutes(engine),
    ...execRoutes(engine),
    ...imageRoutes(engine),
    ...imageTransferRoutes(engine),
    ...buildRoutes(engine),
    ...networkRoutes(engine),
    ...volumeRoutes(engine),
    ...swarmRoutes(),
  ];
}
