import type { VolumeBackend } from "../../api/engine.ts";
import type { VolumeCreateRequest } from "../../api/types.ts";
import { notManager } from "./not-manager.ts";
import { volumeCreateShape } from "../request-shapes.ts";
import { del, get, post, put, type Route } from "../router.ts";

export function volumeRoutes(backend: VolumeBackend): readonly Route[] {
  return [
    get("/volumes", (exchange) => exchange.sendMade(200, () => backend.listVolumes(exchange.query.filters()))),
    get("/volumes/{name:any}", async (exchange) => exchange.sendJson(200, await backend.inspectVolume(exchange.parameter("name")))),
    post("/volumes/create", async (exchange) => {
      const request = await exchange.readJson<VolumeCreateRequest & { readonly ClusterVolumeSpec?: object | null }>(
        "VolumeCreateRequest",
        volumeCreateShape,
        {},
      );
      // A volume of a cluster: Docker asks the swarm for it.
      if (request.ClusterVolumeSpec) notManager();
      exchange.sendJson(201, await backend.createVolume(request));
    }),
    post("/volumes/prune", async (exchange) => {
      const filters = exchange.query.filters();
      // Before API 1.42 there was no telling them apart.
      const wanted = exchange.minorVersion < 42 ? { ...filters, all: ["true"] } : filters;
      exchange.sendJson(200, await backend.pruneVolumes(wanted));
    }),
    // Of a cluster's volumes.
    put("/volumes/{name:any}", notManager),
    del("/volumes/{name:any}", async (exchange) => {
      await backend.removeVolume(exchange.parameter("name"), { force: exchange.query.flag("force") });
      exchange.sendEmpty(204);
    }),
  ];
}
