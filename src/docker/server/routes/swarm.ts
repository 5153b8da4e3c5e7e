import { NotFoundError, NotImplementedError, UnavailableError } from "../../../base/errors.ts";
import { del, get, post, type Handler, type Route } from "../router.ts";

const notManager: Handler = () => {
  throw new UnavailableError(
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
  );
};

const unsupported =
  (what: string): Handler =>
  () => {
    throw new NotImplementedError(`${what} not supported by this engine`);
  };

const noPlugin: Handler = (exchange) => {
  throw new NotFoundError(`plugin ${JSON.stringify(exchange.parameter("name"))} not found`);
};

/** What a daemon answers that is in no swarm, and what this engine is not made for. */
export function swarmRoutes(): readonly Route[] {
  const managed = ["/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs"].flatMap((path) =>
    [get, post, del].flatMap((route) => [route(path, notManager), route(`${path}/{rest:any}`, notManager)]),
  );
  return [
    post("/swarm/leave", () => {
      throw new UnavailableError("This node is not part of a swarm");
    }),
    post("/swarm/init", unsupported("swarm mode is")),
    post("/swarm/join", unsupported("swarm mode is")),
    ...managed,
    get("/plugins", (exchange) => exchange.sendJson(200, [])),
    get("/plugins/{name:any}/json", noPlugin),
    del("/plugins/{name:any}", noPlugin),
    ...[get, post].map((route) => route("/plugins/{rest:any}", unsupported("plugins are"))),
    get("/images/search", unsupported("searching a registry is")),
    get("/distribution/{name:any}/json", unsupported("asking a registry about an image is")),
    post("/grpc", unsupported("BuildKit is")),
    get("/containers/{id}/checkpoints", unsupported("checkpoints are")),
    post("/containers/{id}/checkpoints", unsupported("checkpoints are")),
  ];
}
