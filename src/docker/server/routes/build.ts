import { InvalidArgumentError, NotImplementedError } from "../../../base/errors.ts";
import type { ImageBackend } from "../../api/engine.ts";
import type { Exchange } from "../exchange.ts";
import { post, type Route } from "../router.ts";

/** `docker build` by the classic builder. */
export function buildRoutes(backend: ImageBackend): readonly Route[] {
  return [
    post("/build", (exchange) => build(backend, exchange)),
    post("/build/prune", (exchange) => exchange.sendJson(200, { CachesDeleted: null, SpaceReclaimed: 0 })),
  ];
}

async function build(backend: ImageBackend, exchange: Exchange): Promise<void> {
  const { query, signal } = exchange;
  if (query.text("version") === "2") throw new NotImplementedError("BuildKit is not supported by this engine");
  if (query.text("remote") !== "") throw new NotImplementedError("building from a remote context is not supported by this engine");
  const context = await exchange.tar();
  await exchange.sendMessages(
    backend.buildImage(
      {
        context,
        dockerfile: query.text("dockerfile") || "Dockerfile",
        tags: query.list("t"),
        buildArgs: query.map("buildargs"),
        labels: stringsOf(query.map("labels")),
        target: query.text("target"),
        noCache: query.flag("nocache"),
        pull: query.flag("pull"),
        quiet: query.flag("q"),
        networkMode: query.text("networkmode"),
        platform: query.text("platform"),
        extraHosts: query.list("extrahosts"),
      },
      signal,
    ),
  );
}

function stringsOf(map: Readonly<Record<string, string | null>>): Record<string, string> {
  for (const [key, value] of Object.entries(map)) {
    if (typeof value !== "string") throw new InvalidArgumentError(`invalid label ${JSON.stringify(key)}: its value is no string`);
  }
  return map as Record<string, string>;
}
