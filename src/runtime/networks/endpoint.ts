import { shortId } from "../../base/ids.ts";
import type * as wire from "../../docker/api/types.ts";
import type { Interface } from "./network-devices.ts";
import { DEFAULT_NETWORK, isUserDefined, type NetworkRecord } from "./network-record.ts";
import type { NetworkRequest } from "./networks.ts";

/** A container's place on a network; on `host` and `none` it has no device, and its addresses are empty. */
export interface Endpoint {
  readonly network: NetworkRecord;
  readonly id: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly gateway: string;
  readonly mac: string;
  readonly device: Interface | null;
  readonly config: wire.EndpointSettings | null;
}

/** Inspect's `Networks` entry of an endpoint; `endpoint` is null while the container does not run. */
export function endpointSettings(
  request: NetworkRequest,
  network: NetworkRecord | null,
  config: wire.EndpointSettings | null,
  endpoint: Endpoint | null,
): wire.EndpointSettings {
  const hasRun = endpoint !== null || Boolean(config?.NetworkID);
  return {
    IPAMConfig: config?.IPAMConfig ?? null,
    Links: config?.Links ?? null,
    // One that never ran has no more than it asked for.
    Aliases: network !== null && isUserDefined(network) && hasRun ? aliasesOf(request, config) : (config?.Aliases ?? null),
    NetworkID: endpoint === null ? (config?.NetworkID ?? "") : endpoint.network.id,
    EndpointID: endpoint?.id ?? "",
    Gateway: endpoint?.gateway ?? "",
    IPAddress: endpoint?.address ?? "",
    IPPrefixLen: endpoint?.prefixLength ?? 0,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    MacAddress: endpoint?.mac ?? "",
    DriverOpts: null,
  };
}

/** What a container is called on a user-defined network besides its name: its aliases, its short id, and a hostname of its own. */
export function aliasesOf(request: NetworkRequest, config: wire.EndpointSettings | null): readonly string[] {
  const short = shortId(request.containerId);
  return [...new Set([...(config?.Aliases ?? []), short, ...(request.hostname === "" ? [] : [request.hostname])])];
}

/** Inspect's `NetworkSettings`: the older fields at its top are those of the default bridge. */
export function networkSettings(options: {
  readonly sandboxId: string;
  readonly sandboxKey: string;
  readonly ports: wire.PortMap;
  readonly networks: Readonly<Record<string, wire.EndpointSettings>>;
}): wire.NetworkSettings {
  const main = options.networks[DEFAULT_NETWORK];
  return {
    Bridge: "",
    SandboxID: options.sandboxId,
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    Ports: options.ports,
    SandboxKey: options.sandboxKey,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: main?.EndpointID ?? "",
    Gateway: main?.Gateway ?? "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    IPAddress: main?.IPAddress ?? "",
    IPPrefixLen: main?.IPPrefixLen ?? 0,
    IPv6Gateway: "",
    MacAddress: main?.MacAddress ?? "",
    Networks: options.networks,
  };
}
