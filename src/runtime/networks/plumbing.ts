import { InternalError, InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { randomId } from "../../base/ids.ts";
import type * as wire from "../../docker/api/types.ts";
import { AddressPool } from "./address-pool.ts";
import { bridgeOptions, checkMtu, DEFAULT_MTU, isPossible } from "./bridge-options.ts";
import { DnsResponder } from "./dns-responder.ts";
import type { DnsAnswer, DnsQuestion } from "./dns-message.ts";
import type { Endpoint } from "./endpoint.ts";
import { checkConfig } from "./endpoint-checks.ts";
import { forwardQuestion } from "./forward-question.ts";
import { macOf, parseSubnet } from "./ipv4.ts";
import { resolveName } from "./name-service.ts";
import type { Interface, NetworkDevices } from "./network-devices.ts";
import { bridgeName, isUserDefined, type NetworkRecord, subnetOf } from "./network-record.ts";
import { PreparedNetworks } from "./prepared-networks.ts";
import { gatewayEndpoint, nameOf, type Sandbox } from "./sandbox.ts";

/** Connects running containers to networks: addresses, devices, routes, names and ports. */
export class Plumbing {
  readonly #devices: NetworkDevices;
  readonly #sandboxes: () => Iterable<Sandbox>;
  readonly #pools = new Map<string, AddressPool>();
  /** Interfaces of prepared namespaces that were taken, until they are joined to their network. */
  readonly #plugged = new Map<number, Interface>();
  #prepared: PreparedNetworks | null = null;

  /** `sandboxes` are all that run, for names. */
  constructor(options: { readonly devices: NetworkDevices; readonly sandboxes: () => Iterable<Sandbox> }) {
    this.#devices = options.devices;
    this.#sandboxes = options.sandboxes;
  }

  ensureBridge(record: NetworkRecord): void {
    const { gateway } = record.ipam ?? { gateway: "" };
    const { prefixLength } = subnetOf(record);
    const { mtu, isolated } = bridgeOptions(record.options);
    // No container joins a bridge with an impossible one.
    this.#devices.ensureBridge({ name: bridgeName(record), gateway, prefixLength, isolated, mtu: isPossible(mtu) ? mtu : DEFAULT_MTU });
  }

  /** From now on a network is made ahead for the next container on a bridge that was used. */
  prepareAhead(record: NetworkRecord): void {
    this.#prepared ??= new PreparedNetworks(this.#devices);
    this.#prepared.prepareSoon(bridgeName(record));
  }

  /** As `NetworkDevices`; for a container that joins `first` before others it may be one that was prepared. */
  makeNamespace(sysctls: Readonly<Record<string, string>>, first: NetworkRecord | null): number {
    if (first?.ipam && this.#prepared !== null && !Object.keys(sysctls).some((name) => name.startsWith("net."))) {
      this.ensureBridge(first);
      const prepared = this.#prepared.take(bridgeName(first));
      if (prepared !== null) {
        this.#plugged.set(prepared.namespaceFd, prepared.device);
        return prepared.namespaceFd;
      }
    }
    return this.#devices.makeNamespace(sysctls);
  }

  /** Puts a running container on a network, with an interface, an address, a route, and names where there are any. */
  join(sandbox: Sandbox, network: NetworkRecord, config: wire.EndpointSettings | null): void {
    checkConfig(network, config);
    const nowhere = { network, id: randomId(), address: "", prefixLength: 0, gateway: "", mac: "", device: null, config };
    if (network.ipam === null || sandbox.namespaceFd === null) {
      sandbox.endpoints.set(network.id, nowhere);
      return;
    }
    checkMtu(bridgeOptions(network.options), { container: nameOf(sandbox.request), network: network.name });
    this.ensureBridge(network);
    const address = this.#poolOf(network).take(config?.IPAMConfig?.IPv4Address || undefined);
    try {
      const { prefixLength } = subnetOf(network);
      // What inspect showed of an earlier run comes with the id of its endpoint; only a MAC address without one was asked for.
      const asked = (config?.EndpointID ? "" : config?.MacAddress) ?? "";
      const mac = asked === "" ? macOf(address) : asked.toLowerCase().replaceAll("-", ":");
      const name = `eth${sandbox.nextInterface++}`;
      const { namespaceFd } = sandbox;
      const device = this.#pluggedIn(namespaceFd, name) ?? this.#devices.plug({ namespaceFd, bridge: bridgeName(network), name });
      this.#devices.give(namespaceFd, name, { mac, address, prefixLength, linkLocal: [...new Set(config?.IPAMConfig?.LinkLocalIPs)] });
      const { gateway } = network.ipam;
      sandbox.endpoints.set(network.id, { ...nowhere, address, prefixLength, gateway, mac, device });
    } catch (error) {
      this.#poolOf(network).release(address);
      throw error;
    }
    this.#route(sandbox);
    if (isUserDefined(network)) {
      const resolve = (question: DnsQuestion): DnsAnswer => resolveName(question, sandbox, this.#sandboxes());
      sandbox.dns ??= new DnsResponder(sandbox.namespaceFd, resolve, this.#devices.uplink.kind === "none" ? null : forwardQuestion);
    }
  }

  /** Resolves when frames pass through all its interfaces. */
  async ready(sandbox: Sandbox): Promise<void> {
    const devices = [...sandbox.endpoints.values()].flatMap(({ device }) => (device === null ? [] : [device]));
    await Promise.all(devices.map((device) => this.#devices.ready(device)));
  }

  /** Takes a running container off a network. */
  leave(sandbox: Sandbox, network: NetworkRecord): void {
    const endpoint = sandbox.endpoints.get(network.id);
    if (endpoint === undefined) return;
    sandbox.endpoints.delete(network.id);
    if (endpoint.device !== null) this.#devices.unplug(endpoint.device);
    this.#release(endpoint);
    this.#route(sandbox);
  }

  /** Gives back all that a container held; its ports are free when this resolves. */
  async drop(sandbox: Sandbox): Promise<void> {
    if (sandbox.namespaceFd !== null) this.#plugged.delete(sandbox.namespaceFd);
    const closed = sandbox.published.close();
    sandbox.dns?.close();
    const endpoints = [...sandbox.endpoints.values()];
    for (const endpoint of endpoints) this.#release(endpoint);
    const devices = endpoints.flatMap(({ device }) => (device === null ? [] : [device]));
    if (sandbox.namespaceFd !== null) this.#devices.drop(sandbox.namespaceFd, devices);
    await closed;
  }

  /** The interface that a prepared namespace has already; asked for once. */
  #pluggedIn(namespaceFd: number, name: string): Interface | null {
    const device = this.#plugged.get(namespaceFd) ?? null;
    this.#plugged.delete(namespaceFd);
    return device?.name === name ? device : null;
  }

  /** Forgets a network that nobody is on. */
  removeNetwork(network: NetworkRecord): void {
    this.#prepared?.forget(bridgeName(network));
    this.#pools.delete(network.id);
    this.#devices.removeBridge(bridgeName(network));
  }

  #route(sandbox: Sandbox): void {
    const endpoint = gatewayEndpoint(sandbox);
    if (sandbox.namespaceFd === null) return;
    if (endpoint !== null) sandbox.published.retarget(endpoint.address);
    const target = endpoint === null || endpoint.device === null ? null : { name: endpoint.device.name, gateway: endpoint.gateway };
    this.#devices.route(sandbox.namespaceFd, target);
  }

  /** Opens the published ports. @throws InternalError with Docker's text for a busy one. */
  async publish(sandbox: Sandbox): Promise<void> {
    const endpoint = gatewayEndpoint(sandbox);
    if (endpoint === null) return;
    try {
      await sandbox.published.open(sandbox.request, endpoint.address);
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
      pool = new AddressPool({
        subnet: subnetOf(network),
        gateway: network.ipam?.gateway ?? "",
        range,
        reserved: Object.values(network.ipam?.reserved ?? {}),
        of: `${network.name} (${network.id})`,
      });
      this.#pools.set(network.id, pool);
    }
    return pool;
  }

  #release(endpoint: Endpoint): void {
    if (endpoint.address !== "") this.#pools.get(endpoint.network.id)?.release(endpoint.address);
  }
}
