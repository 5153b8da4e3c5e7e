import { InvalidArgumentError } from "../../../base/errors.ts";
import type { ContainerBackend } from "../../api/engine.ts";
import type { ContainerCreateRequest, HostConfig } from "../../api/types.ts";
import type { Exchange } from "../exchange.ts";
import { checkShape } from "../check-shape.ts";
import { containerConfigShape, hostConfigShape } from "../request-shapes.ts";
import { del, get, post, type Route } from "../router.ts";
import { containerInspectView, containerView } from "../version-views.ts";

const WAIT_CONDITIONS = ["not-running", "next-exit", "removed"] as const;

/** A container's life and what is told about it; its streams are in `sessions.ts`, its files in `archive.ts`. */
export function containerRoutes(backend: ContainerBackend): readonly Route[] {
  const named = (act: (ref: string, exchange: Exchange) => Promise<void>, status = 204) => {
    return async (exchange: Exchange): Promise<void> => {
      await act(exchange.parameter("id"), exchange);
      exchange.sendEmpty(status);
    };
  };
  return [
    get("/containers/json", async (exchange) => {
      const { query } = exchange;
      const limit = query.integer("limit") ?? 0;
      const options = { all: query.flag("all"), limit, size: query.flag("size"), filters: query.filters() };
      await exchange.sendMade(200, async () => {
        const containers = await backend.listContainers(options);
        return containers.map((container) => containerView(container, exchange.minorVersion));
      });
    }),
    post("/containers/create", (exchange) => create(backend, exchange)),
    post("/containers/prune", async (exchange) => {
      exchange.sendJson(200, await backend.pruneContainers(exchange.query.filters()));
    }),
    get("/containers/{id}/json", async (exchange) => {
      const container = await backend.inspectContainer(exchange.parameter("id"), { size: exchange.query.flag("size") });
      exchange.sendJson(200, containerInspectView(container, exchange.minorVersion));
    }),
    post(
      "/containers/{id}/start",
      named((ref, { query }) => {
        if (query.text("checkpoint") !== "") throw new InvalidArgumentError("checkpoint is only supported in experimental mode");
        return backend.startContainer(ref, { detachKeys: query.text("detachKeys") });
      }),
    ),
    post(
      "/containers/{id}/stop",
      named((ref, { query }) => backend.stopContainer(ref, { signal: query.text("signal"), timeout: query.integer("t") })),
    ),
    post(
      "/containers/{id}/restart",
      named((ref, { query }) => backend.restartContainer(ref, { signal: query.text("signal"), timeout: query.integer("t") })),
    ),
    post(
      "/containers/{id}/kill",
      named((ref, { query }) => backend.killContainer(ref, query.text("signal"))),
    ),
    post(
      "/containers/{id}/pause",
      named((ref) => backend.pauseContainer(ref)),
    ),
    post(
      "/containers/{id}/unpause",
      named((ref) => backend.unpauseContainer(ref)),
    ),
    post(
      "/containers/{id}/rename",
      named((ref, { query }) => backend.renameContainer(ref, query.text("name"))),
    ),
    post(
      "/containers/{id}/resize",
      named((ref, { query }) => backend.resizeContainer(ref, sizeOf(query)), 200),
    ),
    post("/containers/{id}/wait", (exchange) => wait(backend, exchange)),
    post("/containers/{id}/update", async (exchange) => {
      const update = await exchange.readJson<HostConfig>("UpdateConfig", hostConfigShape, {});
      exchange.sendJson(200, await backend.updateContainer(exchange.parameter("id"), update));
    }),
    get("/containers/{id}/top", async (exchange) => {
      exchange.sendJson(200, await backend.containerTop(exchange.parameter("id"), exchange.query.text("ps_args")));
    }),
    get("/containers/{id}/changes", async (exchange) => {
      const changes = await backend.containerChanges(exchange.parameter("id"));
      exchange.sendJson(200, changes.length === 0 ? null : changes);
    }),
    // A link has a slash in its name.
    del(
      "/containers/{id:any}",
      named((ref, { query }) => {
        return backend.removeContainer(ref, { force: query.flag("force"), volumes: query.flag("v"), link: query.flag("link") });
      }),
    ),
  ];
}

/** `h` and `w` of a resize, in characters. @throws InvalidArgumentError */
export function sizeOf(query: Exchange["query"]): { height: number; width: number } {
  return { height: query.integer("h") ?? 0, width: query.integer("w") ?? 0 };
}

async function create(backend: ContainerBackend, exchange: Exchange): Promise<void> {
  const { query } = exchange;
  const request = await exchange.readJson<ContainerCreateRequest | null>("ContainerConfig", containerConfigShape, null);
  if (!request || Object.keys(request).length === 0) {
    throw new InvalidArgumentError("config cannot be empty in order to create a container");
  }
  const host = request.HostConfig ? (checkShape("HostConfig", request.HostConfig, hostConfigShape) as HostConfig) : undefined;
  const options = { name: query.text("name"), platform: query.text("platform"), ...readonlyBelow(host, exchange.minorVersion) };
  exchange.sendJson(201, await backend.createContainer(host ? { ...request, HostConfig: host } : request, options));
}

/** Until API 1.44 a read-only bind was so without what is mounted below it, which its clients may count on. @throws InvalidArgumentError as dockerd. */
function readonlyBelow(host: HostConfig | undefined, minorVersion: number): { readonly readonlyBelow?: false } {
  if (minorVersion >= 44) return {};
  if (host?.Mounts?.some(({ Type, BindOptions }) => Type === "bind" && BindOptions?.ReadOnlyForceRecursive === true))
    throw new InvalidArgumentError("BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer");
  return { readonlyBelow: false };
}

async function wait(backend: ContainerBackend, exchange: Exchange): Promise<void> {
  const text = exchange.query.text("condition") || "not-running";
  const condition = WAIT_CONDITIONS.find((each) => each === text);
  if (!condition) throw new InvalidArgumentError(`invalid condition: ${JSON.stringify(text)}`);
  const { result } = await backend.waitContainer(exchange.parameter("id"), condition, exchange.signal);
  // A client that starts the container after these headers misses no exit.
  exchange.response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
  exchange.response.end(`${JSON.stringify(await result)}\n`);
}
