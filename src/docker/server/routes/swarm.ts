import { InvalidArgumentError, NotFoundError, NotImplementedError, UnavailableError } from "../../../base/errors.ts";
import { notManager } from "./not-manager.ts";
import { del, get, post, type Handler, type Route } from "../router.ts";

const unsupported =
  (what: string): Handler =>
  () => {
    throw new NotImplementedError(`${what} not supported by this engine`);
  };

/** What is asked for is looked at as dockerd does, so that a client hears of its own mistakes first. */
const search: Handler = ({ query }) => {
  const limit = query.integer("limit");
  if (limit !== null && (limit < 1 || limit > 100)) throw new InvalidArgumentError(`Limit ${limit} is outside the range of [1, 100]`);
  for (const name of Object.keys(query.filters()))
    if (!["is-automated", "is-official", "stars"].includes(name)) throw new InvalidArgumentError(`Invalid filter '${name}'`);
  throw new NotImplementedError("searching a registry is not supported by this engine");
};

/** There is none, but a filter that is wrong is wrong. */
const listPlugins: Handler = (exchange) => {
  for (const [name, values] of Object.entries(exchange.query.filters())) {
    if (name !== "capability" && name !== "enabled") throw new InvalidArgumentError(`Invalid filter '${name}'`);
    const isSwitch = values.every((value) => value === "true" || value === "false");
    if (name === "enabled" && (!isSwitch || values.length > 1))
      throw new InvalidArgumentError(`Invalid filter 'enabled=[${values.join(" ")}]'`);
  }
  exchange.sendJson(200, []);
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
    get("/plugins", listPlugins),
    get("/plugins/{name:any}/json", noPlugin),
    del("/plugins/{name:any}", noPlugin),
    ...["enable", "disable", "set", "push", "upgrade"].map((verb) => post(`/plugins/{name:any}/${verb}`, noPlugin)),
    ...[get, post].map((route) => route("/plugins/{rest:any}", unsupported("plugins are"))),
    get("/images/search", search),
    post("/grpc", unsupported("BuildKit is")),
    get("/containers/{id}/checkpoints", unsupported("checkpoints are")),
    post("/containers/{id}/checkpoints", unsupported("checkpoints are")),
  ];
}
