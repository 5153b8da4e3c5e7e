import { InvalidArgumentError } from "../../../base/errors.ts";
import type { DiskUsageKind, SystemBackend } from "../../api/engine.ts";
import type { BuildCacheRecord, ContainerSummary, ImageSummary } from "../../api/types.ts";
import type { Exchange } from "../exchange.ts";
import { get, head, type Route } from "../router.ts";
import { containerView, imageView } from "../version-views.ts";

/** Ping, version, info, disk usage and events. */
export function systemRoutes(backend: SystemBackend): readonly Route[] {
  return [
    head("/_ping", (exchange) => ping(exchange)),
    get("/_ping", (exchange) => ping(exchange)),
    get("/version", async (exchange) => exchange.sendJson(200, await backend.version())),
    get("/info", async (exchange) => exchange.sendJson(200, await backend.info())),
    get("/system/df", (exchange) => diskUsage(backend, exchange)),
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

const KINDS: readonly DiskUsageKind[] = ["container", "image", "volume", "build-cache"];

/** `type` is known since API 1.42; older answers have the build cache's size beside it. */
async function diskUsage(backend: SystemBackend, exchange: Exchange): Promise<void> {
  const { query, minorVersion } = exchange;
  const asked = minorVersion >= 42 ? query.list("type") : [];
  const kinds = asked.map((text) => {
    const kind = KINDS.find((each) => each === text);
    if (!kind) throw new InvalidArgumentError(`unknown object type: ${text}`);
    return kind;
  });
  await exchange.sendMade(200, async () => {
    const usage = await backend.diskUsage(kinds.length > 0 ? kinds : KINDS);
    const images = (usage["Images"] as readonly ImageSummary[] | null)?.map((image) => imageView(image, minorVersion)) ?? null;
    const containers =
      (usage["Containers"] as readonly ContainerSummary[] | null)?.map((each) => containerView(each, minorVersion)) ?? null;
    const caches = (usage["BuildCache"] as readonly BuildCacheRecord[] | null) ?? [];
    const size = caches.reduce((sum, { Size, Shared }) => sum + (Shared ? 0 : Size), 0);
    return { ...usage, Images: images, Containers: containers, ...(minorVersion < 42 && { BuilderSize: size }) };
  });
}
