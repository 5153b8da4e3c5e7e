import { InvalidArgumentError, NotFoundError } from "../../../base/errors.ts";
import type { NetworkBackend } from "../../api/engine.ts";
import type { EndpointSettings, NetworkCreateRequest } from "../../api/types.ts";
import type { Query } from "../query.ts";
import { networkCreateShape, networkMemberShape } from "../request-shapes.ts";
import { del, get, post, type Route } from "../router.ts";

interface Member {
  readonly Container?: string;
  readonly EndpointConfig?: EndpointSettings | null;
  readonly Force?: boolean;
}

/** What `verbose` adds is about swarms. @throws InvalidArgumentError */
function checkSwitch(query: Query, name: string): void {
  const text = query.text(name);
  if (text !== "" && !/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(text))
    throw new InvalidArgumentError(
      `invalid value for ${name}: ${text}: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
}

export function networkRoutes(backend: NetworkBackend): readonly Route[] {
  return [
    get("/networks/?", (exchange) => exchange.sendMade(200, () => backend.listNetworks(exchange.query.filters()))),
    get("/networks/{id:any}", async (exchange) => {
      const [name, { query }] = [exchange.parameter("id"), exchange];
      checkSwitch(query, "verbose");
      const network = await backend.inspectNetwork(name);
      const scope = query.text("scope");
      if (scope !== "" && scope !== network.Scope) throw new NotFoundError(`network ${name} not found`);
      exchange.sendJson(200, network);
    }),
    post("/networks/create", async (exchange) => {
      const request = await exchange.readJson<Partial<NetworkCreateRequest>>("NetworkCreateRequest", networkCreateShape);
      exchange.sendJson(201, await backend.createNetwork({ ...request, Name: request.Name ?? "" }));
    }),
    post("/networks/prune", async (exchange) => exchange.sendJson(200, await backend.pruneNetworks(exchange.query.filters()))),
    post("/networks/{id:any}/connect", async (exchange) => {
      const member = await exchange.readJson<Member>("NetworkConnect", networkMemberShape);
      await backend.connectNetwork(exchange.parameter("id"), member.Container ?? "", member.EndpointConfig ?? null);
      exchange.sendEmpty(200);
    }),
    post("/networks/{id:any}/disconnect", async (exchange) => {
      const member = await exchange.readJson<Member>("NetworkDisconnect", networkMemberShape);
      await backend.disconnectNetwork(exchange.parameter("id"), member.Container ?? "", member.Force ?? false);
      exchange.sendEmpty(200);
    }),
    del("/networks/{id:any}", async (exchange) => {
      await backend.removeNetwork(exchange.parameter("id"));
      exchange.sendEmpty(204);
    }),
  ];
}
