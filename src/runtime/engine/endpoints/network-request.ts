import type { ContainerRecord } from "../../containers/container.ts";
import type { NetworkRequest } from "../../networks/networks.ts";
import type { EngineContext } from "../context.ts";
import { linkNames } from "./links.ts";
import { ConflictError } from "../../../base/errors.ts";
import { isAlive } from "../../containers/state.ts";

/** What a container asks of networks; `container:NAME` becomes `container:ID`. */
export function networkRequest(context: EngineContext, record: Omit<ContainerRecord, "networkSettings">): NetworkRequest {
  const { config, hostConfig } = record;
  return {
    containerId: record.id,
    name: record.name,
    hostname: config.Hostname ?? "",
    mode: config.NetworkDisabled === true ? "none" : resolveMode(context, hostConfig.NetworkMode || "default"),
    endpoints: record.endpoints,
    exposedPorts: Object.keys(config.ExposedPorts ?? {}),
    portBindings: hostConfig.PortBindings ?? {},
    publishAll: hostConfig.PublishAllPorts === true,
    links: linkNames(context, record),
    sysctls: Object.fromEntries(Object.entries(hostConfig.Sysctls ?? {}).filter(([key]) => key.startsWith("net."))),
  };
}

/** The container whose network this mode joins; null for another mode. */
export function sharedNetworkWith(context: EngineContext, mode: string): ContainerRecord | null {
  return mode.startsWith("container:") ? context.registry.get(mode.slice("container:".length)).record : null;
}

/** @throws ConflictError when the container to join does not run. */
export function assertSharedNetworkRuns(context: EngineContext, mode: string): void {
  const other = sharedNetworkWith(context, mode);
  if (other && !isAlive(other.state)) throw new ConflictError(`cannot join network of a non running container: ${other.id}`);
}

function resolveMode(context: EngineContext, mode: string): string {
  const other = mode.startsWith("container:") ? context.registry.find(mode.slice("container:".length)) : null;
  return other ? `container:${other.id}` : mode;
}
