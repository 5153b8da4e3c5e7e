import type { Clock } from "../../base/clock.ts";
import { ConflictError, ForbiddenError, InternalError, InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import type * as wire from "../../docker/api/types.ts";
import { type Endpoint, endpointSettings, networkSettings } from "./endpoint.ts";
import type { HostSockets } from "../kernel/host-sockets.ts";
import { idleOptions } from "./bridge-options.ts";
import { checkConfig, checkTogether } from "./endpoint-checks.ts";
import { linkedHosts } from "./links.ts";
import { nameservers } from "./nameservers.ts";
import { NetworkDevices } from "./network-devices.ts";
import { matchNetwork, networksToPrune } from "./network-filters.ts";
import { DEFAULT_NETWORK, isPredefined, networkInspect, type NetworkRecord } from "./network-record.ts";
import { NetworkStore } from "./network-store.ts";
import type { NetworkAttachment, NetworkRequest, Networks } from "./networks.ts";
import { Plumbing } from "./plumbing.ts";
import { PortAllocator } from "./port-allocator.ts";
import { PublishedPorts } from "./published-ports.ts";
import type { Uplink } from "./uplink.ts";
import { nameOf, namespacePath, newSandbox, type Sandbox, sandboxKey } from "./sandbox.ts";

/** Of how many ended containers inspect still shows the last sandbox. */
const REMEMBERED = 1000;

const NO_UPLINK: Uplink = { kind: "none", reason: "" };

type Config = wire.EndpointSettings | null;

/** Networks by Linux bridges in the engine's network namespace. */
export class BridgeNetworks implements Networks {
  readonly #store: NetworkStore;
  readonly #devices: NetworkDevices;
  readonly #ports = new PortAllocator();
  readonly #published: { readonly host: HostSockets | null; readonly forwarder?: string | undefined };
  readonly #plumbing: Plumbing;
  readonly #sandboxes = new Map<string, Sandbox>();
  /** What inspect still shows of a container's last run. */
  readonly #last = new Map<string, { readonly id: string; readonly key: string; readonly networks: Readonly<Record<string, string>> }>();

  private constructor(store: NetworkStore, options: Parameters<typeof BridgeNetworks.open>[0]) {
    this.#store = store;
    this.#published = { host: options.host ?? null, forwarder: options.forwarder };
    this.#devices = new NetworkDevices(options.uplink ?? NO_UPLINK);
    this.#plumbing = new Plumbing({ devices: this.#devices, sandboxes: () => this.#sandboxes.values() });
  }

  /**
   * `path` is `networks` of the root's layout; with `host`, ports are published on the host, too. Nothing is made in the kernel before the first container, or `warm`.
   */
  static async open(options: {
    readonly path: string;
    readonly clock: Clock;
    readonly host?: HostSockets | null;
    /** The path of forward.pl, where it does not lie beside this file. */
    readonly forwarder?: string;
    /** What the launch has made to lead out; default none. */
    readonly uplink?: Uplink;
  }): Promise<BridgeNetworks> {
    return new BridgeNetworks(await NetworkStore.open(options), options);
  }

  /** Readies the engine's namespace and the default bridge, and from now on the next container's network, so that it need not wait; some 20 ms. */
  warm(): void {
    const bridge = this.#store.find(DEFAULT_NETWORK);
    this.#plumbing.ensureBridge(bridge);
    this.#plumbing.prepareAhead(bridge);
  }

  get wayOut(): string {
    const { uplink } = this.#devices;
    if (!("reason" in uplink)) return uplink.kind;
    return uplink.reason === "" ? "" : `none (${uplink.reason})`;
  }

  idleSettings(request: NetworkRequest): wire.NetworkSettings {
    const last = this.#last.get(request.containerId);
    const networks: Record<string, wire.EndpointSettings> = {};
    for (const { name, network, config } of this.#wanted(request)) {
      const id = network === null ? undefined : last?.networks[name];
      networks[name] = endpointSettings(request, network, id === undefined ? config : { ...config, NetworkID: id }, null);
    }
    return networkSettings({ sandboxId: last?.id ?? "", sandboxKey: last?.key ?? "", ports: {}, networks });
  }

  async attach(request: NetworkRequest): Promise<NetworkAttachment> {
    if (request.mode.startsWith("container:")) return this.#share(request, request.mode.slice("container:".length));
    await this.detach(request.containerId);
    const wanted = this.#wanted(request).map(({ name, network, config }) => ({ network: network ?? this.#store.find(name), config }));
    const hosts = linkedHosts(request, this.#sandboxes.values());
    const fd = request.mode === "host" ? null : this.#plumbing.makeNamespace(request.sysctls, wanted[0]?.network ?? null);
    const sandbox = newSandbox({ request, namespaceFd: fd, published: new PublishedPorts(this.#ports, this.#published), hosts });
    this.#sandboxes.set(request.containerId, sandbox);
    try {
      for (const { network, config } of wanted) this.#plumbing.join(sandbox, network, config);
      await Promise.all([this.#plumbing.publish(sandbox), this.#plumbing.ready(sandbox)]);
      this.#store.saveSoon();
    } catch (error) {
      await this.detach(request.containerId);
      throw error;
    }
    return this.#describe(sandbox);
  }

  attachment(containerId: string): NetworkAttachment | null {
    const sandbox = this.#sandboxes.get(containerId);
    return sandbox === undefined ? null : this.#describe(sandbox);
  }

  #describe(sandbox: Sandbox): NetworkAttachment {
    return {
      namespacePath: namespacePath(sandbox),
      settings: this.#settings(sandbox),
      hosts: sandbox.hosts,
      nameservers: nameservers(sandbox),
    };
  }

  statistics(containerId: string): Readonly<Record<string, Readonly<Record<string, number>>>> {
    const fd = this.#sandboxes.get(containerId)?.namespaceFd;
    return fd === undefined || fd === null ? {} : this.#devices.counters(fd);
  }

  rename(containerId: string, name: string): void {
    const sandbox = this.#sandboxes.get(containerId);
    if (sandbox !== undefined) sandbox.request = { ...sandbox.request, name };
  }

  async detach(containerId: string): Promise<void> {
    const sandbox = this.#sandboxes.get(containerId);
    if (sandbox === undefined) return;
    this.#sandboxes.delete(containerId);
    this.#remember(sandbox);
    await this.#plumbing.drop(sandbox);
  }

  async list(filters: wire.Filters): Promise<readonly wire.NetworkInspect[]> {
    const matches = matchNetwork(filters);
    const records = this.#store.all().filter((record) => matches(record, this.#endpointsOf(record).length > 0));
    return records.map((record) => networkInspect(record, {}));
  }

  async inspect(ref: string): Promise<wire.NetworkInspect> {
    const record = this.#store.find(ref);
    const containers = this.#endpointsOf(record).map(({ sandbox, endpoint }) => [
      sandbox.request.containerId,
      {
        Name: nameOf(sandbox.request),
        EndpointID: endpoint.id,
        MacAddress: endpoint.mac,
        IPv4Address: endpoint.address === "" ? "" : `${endpoint.address}/${endpoint.prefixLength}`,
        IPv6Address: "",
      },
    ]);
    return networkInspect(record, Object.fromEntries(containers) as wire.NetworkInspect["Containers"]);
  }

  async create(request: wire.NetworkCreateRequest): Promise<{ Id: string; Warning: string }> {
    const idle = idleOptions(request.Options ?? {});
    const Warning = idle.length === 0 ? "" : `${idle.join(", ")} has no effect on this engine. It is kept and shown by inspect.`;
    return { Id: (await this.#store.create(request)).id, Warning };
  }

  async remove(ref: string): Promise<void> {
    const record = this.#store.find(ref);
    if (!isPredefined(record) && this.#endpointsOf(record).length > 0) {
      throw new ForbiddenError(`error while removing network: network ${record.name} id ${record.id} has active endpoints`);
    }
    await this.#store.remove(record);
    this.#plumbing.removeNetwork(record);
  }

  async connect(ref: string, request: NetworkRequest, running: boolean, config: Config): Promise<wire.NetworkSettings> {
    const network = this.#store.find(ref);
    const others = this.#wanted(request).filter(({ name }) => name !== network.name);
    checkTogether(
      request,
      network,
      others.map(({ name }) => name),
    );
    checkConfig(network, config);
    const endpoints = Object.fromEntries([
      ...others.map((other) => [other.name, other.config]),
      [network.name, config],
    ]) as NetworkRequest["endpoints"];
    if (!running) return this.idleSettings({ ...request, endpoints });
    const sandbox = this.#sandboxOf(request.containerId);
    if (sandbox.endpoints.has(network.id)) {
      throw new ForbiddenError(`endpoint with name ${nameOf(request)} already exists in network ${network.name}`);
    }
    this.#plumbing.join(sandbox, network, config);
    await this.#plumbing.ready(sandbox);
    return this.#settings(sandbox);
  }

  async disconnect(ref: string, request: NetworkRequest, running: boolean): Promise<wire.NetworkSettings> {
    const network = this.#store.find(ref);
    if (network.driver === "host") {
      throw new InvalidArgumentError("container cannot be disconnected from host network or connected to host network");
    }
    const wanted = this.#wanted(request);
    const sandbox = running ? this.#sandboxOf(request.containerId) : null;
    const isOn = sandbox === null ? wanted.some(({ name }) => name === network.name) : sandbox.endpoints.has(network.id);
    if (!isOn) throw new InternalError(`container ${request.containerId} is not connected to network ${network.name}`);
    if (sandbox === null) {
      const endpoints = wanted.filter(({ name }) => name !== network.name).map(({ name, config }) => [name, config]);
      const settings = this.idleSettings({ ...request, endpoints: Object.fromEntries(endpoints) as NetworkRequest["endpoints"] });
      // A container that is on no network at all asks for none; `idleSettings` would put it on that of its mode.
      return endpoints.length > 0 ? settings : { ...settings, Networks: {} };
    }
    this.#plumbing.leave(sandbox, network);
    return this.#settings(sandbox);
  }

  async prune(filters: wire.Filters): Promise<{ NetworksDeleted: readonly string[] | null }> {
    const idle = this.#store.all().filter((record) => !isPredefined(record) && this.#endpointsOf(record).length === 0);
    const doomed = networksToPrune(filters, idle, this.#store.now());
    for (const record of doomed) await this.remove(record.id);
    return { NetworksDeleted: doomed.length > 0 ? doomed.map((record) => record.name) : null };
  }

  /** The networks a container asks for: those of its endpoints, that of its mode first; or, with none, that of its mode alone. */
  #wanted(request: NetworkRequest): readonly { readonly name: string; readonly network: NetworkRecord | null; readonly config: Config }[] {
    if (request.mode.startsWith("container:")) return [];
    const named = (ref: string, config: Config) => {
      const network = this.#tryFind(ref);
      return { name: network?.name ?? ref, network, config };
    };
    const primary = named(request.mode, null);
    const entries = Object.entries(request.endpoints).map(([ref, config]) => named(ref, config));
    if (entries.length === 0) return [primary];
    return entries.toSorted((a, b) => Number(b.name === primary.name) - Number(a.name === primary.name));
  }

  #tryFind(ref: string): NetworkRecord | null {
    try {
      return this.#store.find(ref);
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  #share(request: NetworkRequest, ownerId: string): NetworkAttachment {
    const owner = this.#sandboxes.get(ownerId);
    if (owner === undefined) throw new ConflictError(`cannot join network of a non running container: ${ownerId}`);
    const settings = this.idleSettings(request);
    return { namespacePath: namespacePath(owner), settings, hosts: owner.hosts, nameservers: nameservers(owner) };
  }

  #remember(sandbox: Sandbox): void {
    const networks = [...sandbox.endpoints.values()].map(({ network }) => [network.name, network.id]);
    this.#last.set(sandbox.request.containerId, {
      id: sandbox.id,
      key: sandboxKey(sandbox),
      networks: Object.fromEntries(networks) as Record<string, string>,
    });
    for (const id of this.#last.keys()) {
      if (this.#last.size <= REMEMBERED) break;
      this.#last.delete(id);
    }
  }

  #settings(sandbox: Sandbox): wire.NetworkSettings {
    const networks: Record<string, wire.EndpointSettings> = {};
    for (const endpoint of sandbox.endpoints.values()) {
      networks[endpoint.network.name] = endpointSettings(sandbox.request, endpoint.network, endpoint.config, endpoint);
    }
    return networkSettings({ sandboxId: sandbox.id, sandboxKey: sandboxKey(sandbox), ports: sandbox.published.ports, networks });
  }

  #sandboxOf(containerId: string): Sandbox {
    const sandbox = this.#sandboxes.get(containerId);
    if (sandbox === undefined) throw new ConflictError(`Container ${containerId} is not running`);
    return sandbox;
  }

  #endpointsOf(record: NetworkRecord): readonly { readonly sandbox: Sandbox; readonly endpoint: Endpoint }[] {
    return [...this.#sandboxes.values()].flatMap((sandbox) => {
      const endpoint = sandbox.endpoints.get(record.id);
      return endpoint === undefined ? [] : [{ sandbox, endpoint }];
    });
  }
}
