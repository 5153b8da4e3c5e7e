import { NotImplementedError, UnavailableError } from "../../../base/errors.ts";
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

/** What a daemon answers that is in no swarm, and what this engine is not made for. */
export function swarmRoutes(): readonly Route[] {
  const managed = ["/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs"].flatMap((path) =>
    [get, post, del].flatMap((route) => [route(path, notManager), route(`${path}/{rest:any}`, notManager)]),
  );
  return [
    post("/swarm/init", unsupported("swarm mode is")),
    post("/swarm/join", unsupported("swarm mode is")),
    ...managed,
    get("/plugins", (exchange) => exchange.sendJson(200, [])),
    ...[get, post, del].map((route) => route("/plugins/{rest:any}", unsupported("plugins are"))),
    get("/images/search", unsupported("searching a registry is")),
    get("/distribution/{name:any}/json", unsupported("asking a registry about an image is")),
    post("/grpc", unsupported("BuildKit is")),
    get("/containers/{id}/attach/ws", unsupported("attaching over a web socket is")),
    get("/containers/{id}/checkpoints", unsupported("checkpoints are")),
    post("/containers/{id}/checkpoints", unsupported("checkpoints are")),
  ];
}
