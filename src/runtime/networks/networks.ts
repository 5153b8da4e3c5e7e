import type * as wire from "../../docker/api/types.ts";

/** What one container got: a network namespace that is up, and what inspect tells of it. */
export interface NetworkAttachment {
  /** A path that setns(2) can open, such as `/proc/PID/fd/N` of the engine or a bind-mounted nsfs file. */
  readonly namespacePath: string;
  readonly settings: wire.NetworkSettings;
  /** Lines for /etc/hosts beyond those for localhost and the container's own addresses: its links. */
  readonly hosts: readonly { readonly address: string; readonly names: readonly string[] }[];
  /** For /etc/resolv.conf; `["127.0.0.11"]` on user-defined networks, where Docker adds `options ndots:0`. */
  readonly nameservers: readonly string[];
}

/** What a container asks of networks. */
export interface NetworkRequest {
  readonly containerId: string;
  readonly name: string;
  readonly hostname: string;
  /** `HostConfig.NetworkMode`: `bridge`, `default`, `none`, `host`, `container:ID` (id resolved), or a network's name or id. */
  readonly mode: string;
  readonly endpoints: Readonly<Record<string, wire.EndpointSettings | null>>;
  readonly exposedPorts: readonly string[];
  readonly portBindings: wire.PortMap;
  readonly publishAll: boolean;
  readonly links: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
}

/** The networks of one root, in the engine's network namespace. */
export interface Networks {
  /** By what containers reach what the host reaches, or `none` with the reason; empty when nobody asked for it. */
  readonly wayOut: string;
  /** Settings as inspect shows them for a container that does not run. */
  idleSettings(request: NetworkRequest): wire.NetworkSettings;
  /** Makes the namespace, its interfaces, addresses and published ports. @throws NotFoundError for an unknown network, Docker's error for a busy port. */
  attach(request: NetworkRequest): Promise<NetworkAttachment>;
  /** What a running container has by now, after connects and disconnects; null when it is not attached. */
  attachment(containerId: string): NetworkAttachment | null;
  /** Counters of a running container's interfaces by name, in the API's shape (`networks` of stats); empty when it is not attached. */
  statistics(containerId: string): Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** A running container is found by its new name from now on; nothing when it is not attached. */
  rename(containerId: string, name: string): void;
  /** Undoes `attach`; nothing when it was not attached. */
  detach(containerId: string): Promise<void>;
  list(filters: wire.Filters): Promise<readonly wire.NetworkInspect[]>;
  inspect(ref: string): Promise<wire.NetworkInspect>;
  create(request: wire.NetworkCreateRequest): Promise<{ Id: string; Warning: string }>;
  remove(ref: string): Promise<void>;
  /** `request` of a container, running or not; a running one gets the interface at once. */
  connect(ref: string, request: NetworkRequest, running: boolean, endpoint: wire.EndpointSettings | null): Promise<wire.NetworkSettings>;
  /** `request` and `running` as for `connect`, still with the network in `request.endpoints`. @throws Docker's error when it is not connected. */
  disconnect(ref: string, request: NetworkRequest, running: boolean): Promise<wire.NetworkSettings>;
  prune(filters: wire.Filters): Promise<{ NetworksDeleted: readonly string[] | null }>;
}
