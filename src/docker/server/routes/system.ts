import type { SystemBackend } from "../../api/engine.ts";
import type { Exchange } from "../exchange.ts";
import { get, head, type Route } from "../router.ts";

/** Ping, version, info, disk usage and events. */
export function systemRoutes(backend: SystemBackend): readonly Route[] {
  return [
    head("/_ping", (exchange) => ping(exchange)),
    get("/_ping", (exchange) => ping(exchange)),
    get("/version", async (exchange) => exchange.sendJson(200, await backend.version())),
    get("/info", async (exchange) => exchange.sendJson(200, await backend.info())),
    get("/system/df", async (exchange) => exchange.sendJson(200, await backend.diskUsage())),
    get("/events", async (exchange) => {
      const { query, signal } = exchange;
      const options = { since: query.seconds("since"), until: query.seconds("until"), filters: query.filters(), signal };
      // The stream may stay silent for long: the client learns at once that it is there.
      exchange.response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
      await exchange.sendLines(backend.events(options), { separator: "\n" });
    }),
  ];
}

function ping({ request, response }: Exchange): void {
  const body = request.method === "HEAD" ? "" : "OK";
  response.setHeader("Builder-Version", "1");
  response.setHeader("Swarm", "inactive");
  response.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
  response.setHeader("Pragma", "no-cache");
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "content-length": body.length }).end(body);
}
