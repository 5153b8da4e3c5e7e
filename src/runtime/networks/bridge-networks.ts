import { readFileSync } from "node:fs";
import type { Clock } from "../../base/clock.ts";
import { ConflictError, ForbiddenError, InternalError, InvalidArgumentError, messageOf, NotFoundError } from "../../base/errors.ts";
import { randomId } from "../../base/ids.ts";
import type * as wire from "../../docker/api/types.ts";
import { AddressPool } from "./address-pool.ts";
import { DnsResponder, RESOLVER } from "./dns-responder.ts";
import { type Endpoint, endpointSettings, networkSettings } from "./endpoint.ts";
import { macOf, parseSubnet } from "./ipv4.ts";
import { linkedHosts } from "./links.ts";
import { resolveName } from "./name-service.ts";
import { NetworkDevices } from "./network-devices.ts";
import { matchNetwork, networksToPrune } from "./network-filters.ts";
import {
  bridgeName,
  DEFAULT_NETWORK,
  isPredefined,
  isUserDefined,
  networkInspect,
  type NetworkRecord,
  subnetOf,
} from "./network-record.ts";
import { NetworkStore } from "./network-store.ts";
import type { NetworkAttachment, NetworkRequest, Networks } from "./networks.ts";
import { PortAllocator } from "./port-allocator.ts";
import { PublishedPorts } from "./published-ports.ts";
import { gatewayEndpoint, namespacePath, newSandbox, type Sandbox, sandboxKey } from "./sandbox.ts";

type Config = wire.EndpointSettings | null;

/** Networks by Linux bridges in the engine's network namespace. */
export class BridgeNetworks implements Networks {
  readonly #store: NetworkStore;
  readonly #devices = new NetworkDevices();
  readonly #ports = new PortAllocator();
  readonly #pools = new Map<string, AddressPool>();
  readonly #sandboxes = new Map<string, Sandbox>();
  /** What inspect still shows of a container's last run. */
  readonly #last = new Map<string, { readonly id: string; readonly key: string; readonly networks: Readonly<Record<string, string>> }>();

  private constructor(store: NetworkStore) {
    this.#store = store;
  }

  /** `path` is `networks` of the root's layout. Nothing is made in the kernel before the first container, or `warm`. */
  static async open(options: { readonly path: string; readonly clock: Clock }): Promise<BridgeNetworks> {
    return new BridgeNetworks(await NetworkStore.open(options));
  }

  /** Readies the engine's namespace, its loopback and the default bridge, so that the first container need not wait; some 20 ms. */
  warm(): void {
    this.#devices.warm();
    this.#ensureBridge(this.#store.find(DEFAULT_NETWORK));
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
    const fd = request.mode === "host" ? null : this.#devices.makeNamespace(request.sysctls);
    const sandbox = newSandbox({ request, namespaceFd: fd, published: new PublishedPorts(this.#ports), hosts });
    this.#sandboxes.set(request.containerId, sandbox);
    try {
      for (const { network, config } of wanted) this.#join(sandbox, network, config);
      await Promise.all([this.#publish(sandbox), this.#ready(sandbox)]);
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

  async detach(containerId: string): Promise<void> {
    const sandbox = this.#sandboxes.get(containerId);
    if (sandbox === undefined) return;
    this.#sandboxes.delete(containerId);
    this.#remember(sandbox);
    sandbox.published.close();
    sandbox.dns?.close();
    const endpoints = [...sandbox.endpoints.values()];
    for (const endpoint of endpoints) this.#release(endpoint);
    const devices = endpoints.flatMap(({ device }) => (device === null ? [] : [device]));
    if (sandbox.namespaceFd !== null) this.#devices.drop(sandbox.namespaceFd, devices);
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
    return { Id: (await this.#store.create(request)).id, Warning: "" };
  }

  async remove(ref: string): Promise<void> {
    const record = this.#store.find(ref);
    if (!isPredefined(record) && this.#endpointsOf(record).length > 0) {
      throw new ForbiddenError(`error while removing network: network ${record.name} id ${record.id} has active endpoints`);
    }
    await this.#store.remove(record);
    this.#pools.delete(record.id);
    this.#devices.removeBridge(bridgeName(record));
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
    this.#join(sandbox, network, config);
    await this.#ready(sandbox);
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
    if (!isOn) throw new InternalError(`container ${request.containerId} is not connected to the network ${network.name}`);
    if (sandbox === null) {
      const endpoints = wanted.filter(({ name }) => name !== network.name).map(({ name, config }) => [name, config]);
      const settings = this.idleSettings({ ...request, endpoints: Object.fromEntries(endpoints) as NetworkRequest["endpoints"] });
      // A container that is on no network at all asks for none; `idleSettings` would put it on that of its mode.
      return endpoints.length > 0 ? settings : { ...settings, Networks: {} };
    }
    this.#leave(sandbox, network);
    return this.#settings(sandbox);
  }

  async prune(filters: wire.Filters): Promise<{ NetworksDeleted: readonly string[] | null }> {
    const idle = this.#store.all().filter((record) => !isPredefined(record) && this.#endpointsOf(record).length === 0);
    const doomed = networksToPrune(filters, idle);
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

  #ensureBridge(record: NetworkRecord): void {
    const { gateway } = record.ipam ?? { gateway: "" };
    this.#devices.ensureBridge({ name: bridgeName(record), gateway, prefixLength: subnetOf(record).prefixLength });
  }

  /** Puts a running container on a network. */
  #join(sandbox: Sandbox, network: NetworkRecord, config: Config): void {
    checkConfig(network, config);
    const nowhere = { network, id: randomId(), address: "", prefixLength: 0, gateway: "", mac: "", device: null, config };
    if (network.ipam === null || sandbox.namespaceFd === null) {
      sandbox.endpoints.set(network.id, nowhere);
      return;
    }
    this.#ensureBridge(network);
    const address = this.#poolOf(network).take(config?.IPAMConfig?.IPv4Address || undefined);
    try {
      const { prefixLength } = subnetOf(network);
      // What inspect showed of an earlier run comes with the id of its endpoint; only a MAC address without one was asked for.
      const mac = (config?.EndpointID ? "" : config?.MacAddress) || macOf(address);
      const name = `eth${sandbox.nextInterface++}`;
      const bridge = bridgeName(network);
      const device = this.#devices.plug({ namespaceFd: sandbox.namespaceFd, bridge, name, mac, address, prefixLength });
      const gateway = network.internal ? "" : network.ipam.gateway;
      sandbox.endpoints.set(network.id, { ...nowhere, address, prefixLength, gateway, mac, device });
    } catch (error) {
      this.#poolOf(network).release(address);
      throw error;
    }
    this.#route(sandbox);
    if (isUserDefined(network)) {
      sandbox.dns ??= new DnsResponder(sandbox.namespaceFd, (question) => resolveName(question, sandbox, this.#sandboxes.values()));
    }
  }

  async #ready(sandbox: Sandbox): Promise<void> {
    await Promise.all([...sandbox.endpoints.values()].map(({ device }) => (device === null ? undefined : this.#devices.ready(device))));
  }

  #leave(sandbox: Sandbox, network: NetworkRecord): void {
    const endpoint = sandbox.endpoints.get(network.id);
    if (endpoint === undefined) return;
    sandbox.endpoints.delete(network.id);
    if (endpoint.device !== null) this.#devices.unplug(endpoint.device);
    this.#release(endpoint);
    this.#route(sandbox);
  }

  #route(sandbox: Sandbox): void {
    const endpoint = gatewayEndpoint(sandbox);
    if (sandbox.namespaceFd === null) return;
    const target = endpoint === null || endpoint.device === null ? null : { name: endpoint.device.name, gateway: endpoint.gateway };
    this.#devices.route(sandbox.namespaceFd, target);
  }

  async #publish(sandbox: Sandbox): Promise<void> {
    const endpoint = gatewayEndpoint(sandbox);
    if (endpoint === null) return;
    try {
      await sandbox.published.open(sandbox.request, () => gatewayEndpoint(sandbox)?.address ?? endpoint.address);
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw error;
      const what = `driver failed programming external connectivity on endpoint ${nameOf(sandbox.request)} (${endpoint.id})`;
      throw new InternalError(`${what}: ${messageOf(error)}`, { cause: error });
    }
  }

  #poolOf(network: NetworkRecord): AddressPool {
    let pool = this.#pools.get(network.id);
    if (pool === undefined) {
      const range = network.ipam?.range ? parseSubnet(network.ipam.range) : null;
      pool = new AddressPool({ subnet: subnetOf(network), gateway: network.ipam?.gateway ?? "", range });
      this.#pools.set(network.id, pool);
    }
    return pool;
  }

  #release(endpoint: Endpoint): void {
    if (endpoint.address !== "") this.#pools.get(endpoint.network.id)?.release(endpoint.address);
  }

  #remember(sandbox: Sandbox): void {
    const networks = [...sandbox.endpoints.values()].map(({ network }) => [network.name, network.id]);
    this.#last.set(sandbox.request.containerId, {
      id: sandbox.id,
      key: sandboxKey(sandbox),
      networks: Object.fromEntries(networks) as Record<string, string>,
    });
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

function nameOf(request: NetworkRequest): string {
  return request.name.replace(/^\//, "");
}

/** Docker's own resolver on user-defined networks; elsewhere those of the host that a container could reach. */
function nameservers(sandbox: Sandbox): readonly string[] {
  if (sandbox.dns !== null) return [RESOLVER];
  let text = "";
  try {
    text = readFileSync("/etc/resolv.conf", "utf8");
  } catch {
    // A host without: Docker's default below.
  }
  const servers = [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(([, server = ""]) =>
    /^127\.|^::1$/.test(server) ? [] : [server],
  );
  return servers.length > 0 ? servers : ["8.8.8.8", "8.8.4.4"];
}

/** @throws InvalidArgumentError for networks that go with no other. */
function checkTogether(request: NetworkRequest, network: NetworkRecord, others: readonly string[]): void {
  if (request.mode.startsWith("container:")) {
    throw new InvalidArgumentError(
      "container sharing network namespace with another container or host cannot be connected to any other network",
    );
  }
  if (network.driver === "host" || others.includes("host")) {
    throw new InvalidArgumentError("container cannot be disconnected from host network or connected to host network");
  }
  if ((network.driver === "null" && others.length > 0) || others.includes("none")) {
    throw new InvalidArgumentError("container cannot be connected to multiple networks with one of the networks in private (none) mode");
  }
}

/** @throws InvalidArgumentError for what only user-defined networks give. */
function checkConfig(network: NetworkRecord, config: Config): void {
  if (config?.IPAMConfig?.IPv4Address) {
    if (!isUserDefined(network)) throw new InvalidArgumentError("user specified IP address is supported on user defined networks only");
    if (network.ipam?.chosen === false) {
      throw new InvalidArgumentError(
        "user specified IP address is supported only when connecting to networks with user configured subnets",
      );
    }
  }
  if (!isUserDefined(network) && (config?.Aliases ?? []).length > 0) {
    throw new InvalidArgumentError("network-scoped alias is supported only for containers in user defined networks");
  }
}
