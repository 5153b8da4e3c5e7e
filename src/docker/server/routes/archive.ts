import { InvalidArgumentError } from "../../../base/errors.ts";
import type { ContainerBackend } from "../../api/engine.ts";
import type { PathStat } from "../../api/types.ts";
import type { Exchange } from "../exchange.ts";
import { get, head, put, type Route } from "../router.ts";

/** Files in and out of a container as tars (`docker cp`, `docker export`). */
export function archiveRoutes(backend: ContainerBackend): readonly Route[] {
  return [
    get("/containers/{id}/export", async (exchange) => {
      await exchange.sendTar(await backend.exportContainer(exchange.parameter("id")), { "content-type": "application/octet-stream" });
    }),
    head("/containers/{id}/archive", async (exchange) => {
      const stat = await backend.statPath(exchange.parameter("id"), pathOf(exchange));
      exchange.response.writeHead(200, statHeader(stat)).end();
    }),
    get("/containers/{id}/archive", async (exchange) => {
      const { stat, tar } = await backend.getArchive(exchange.parameter("id"), pathOf(exchange));
      await exchange.sendTar(tar, statHeader(stat));
    }),
    put("/containers/{id}/archive", async (exchange) => {
      const { query } = exchange;
      const options = { noOverwriteDirNonDir: query.flag("noOverwriteDirNonDir"), copyUidGid: query.flag("copyUIDGID") };
      await backend.putArchive(exchange.parameter("id"), pathOf(exchange), exchange.tar(), options);
      exchange.sendEmpty(200);
    }),
  ];
}

function pathOf({ query }: Exchange): string {
  const path = query.text("path");
  if (path === "") throw new InvalidArgumentError("bad parameter: path cannot be empty");
  return path;
}

function statHeader(stat: PathStat): Record<string, string> {
  return { "x-docker-container-path-stat": Buffer.from(JSON.stringify(stat)).toString("base64") };
}
