import type { Filters, NetworkCreateRequest } from "../../../docker/api/types.ts";
import type { LiveContainer } from "../../containers/live-container.ts";
import type { EngineContext } from "../context.ts";

/** `docker network create` */
export async function createNetwork(
  { networks, events }: EngineContext,
  request: NetworkCreateRequest,
): Promise<{ Id: string; Warning: string }> {
  const made = await networks.create(request);
  const { Name, Driver } = await networks.inspect(made.Id);
  events.emit("network", "create", made.Id, { name: Name, type: Driver });
  return made;
}

/** `docker network rm` */
export async function removeNetwork({ networks, events }: EngineContext, ref: string): Promise<void> {
  const { Id, Name, Driver } = await networks.inspect(ref);
  await networks.remove(Id);
  events.emit("network", "destroy", Id, { name: Name, type: Driver });
}

/** `docker network prune` */
export async function pruneNetworks(
  { networks, events }: EngineContext,
  filters: Filters,
): Promise<{ NetworksDeleted: readonly string[] | null }> {
  const before = await networks.list({});
  const pruned = await networks.prune(filters);
  for (const name of pruned.NetworksDeleted ?? []) {
    const network = before.find(({ Name }) => Name === name);
    if (network) events.emit("network", "destroy", network.Id, { name, type: network.Driver });
  }
  events.emit("network", "prune", "", { reclaimed: "0" });
  return pruned;
}

/** `network connect` and `network disconnect`, one for each network that the container has now. */
export function emitNetworkEvents(context: EngineContext, { record }: LiveContainer, action: "connect" | "disconnect"): void {
  for (const [name, endpoint] of Object.entries(record.networkSettings.Networks)) {
    const type = name === "host" ? "host" : name === "none" ? "null" : "bridge";
    context.events.emit("network", action, endpoint.NetworkID ?? "", { container: record.id, name, type });
  }
}
