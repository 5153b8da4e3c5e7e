import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../../base/atomic-file.ts";
import type { Clock } from "../../base/clock.ts";
import {
  ConflictError,
  ForbiddenError,
  hasErrno,
  InternalError,
  InvalidArgumentError,
  NotFoundError,
  NotImplementedError,
} from "../../base/errors.ts";
import { randomId } from "../../base/ids.ts";
import type * as wire from "../../docker/api/types.ts";
import { bridgeOptions } from "./bridge-options.ts";
import { formatSubnet, overlap, parseSubnet, type Subnet } from "./ipv4.ts";
import { planAddresses } from "./plan-addresses.ts";
import { bridgeName, defaultSubnets, isPredefined, type NetworkRecord, predefinedNetworks, subnetOf } from "./network-record.ts";

/** The networks of one root, in `networks.json`. Who is attached is not kept: with the engine, every attachment ends. */
export class NetworkStore {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #records: Map<string, NetworkRecord>;
  #saved: boolean;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: { path: string; clock: Clock }, records: readonly NetworkRecord[], saved: boolean) {
    this.#path = options.path;
    this.#clock = options.clock;
    this.#records = new Map(records.map((record) => [record.id, record]));
    this.#saved = saved;
  }

  /** A root without the file has the predefined networks, and the file once somebody may have seen their ids (`saveSoon`). */
  static async open(options: { readonly path: string; readonly clock: Clock }): Promise<NetworkStore> {
    try {
      return new NetworkStore(options, JSON.parse(await readFile(options.path, "utf8")) as readonly NetworkRecord[], true);
    } catch (error) {
      if (!hasErrno(error, "ENOENT")) throw error;
      return new NetworkStore(options, predefinedNetworks(options.clock.now()), false);
    }
  }

  all(): readonly NetworkRecord[] {
    return [...this.#records.values()];
  }

  /** By name, id, or unambiguous beginning of an id. @throws NotFoundError, InvalidArgumentError when ambiguous. */
  find(ref: string): NetworkRecord {
    const wanted = ref === "default" ? "bridge" : ref;
    const records = this.all();
    const exact = this.#records.get(wanted) ?? records.find((record) => record.name === wanted);
    if (exact !== undefined) return exact;
    const matches = wanted === "" ? [] : records.filter((record) => record.id.startsWith(wanted));
    if (matches.length > 1) {
      throw new InvalidArgumentError(`network ${ref} is ambiguous (${matches.length} matches found based on ID prefix)`);
    }
    if (matches[0] === undefined) throw new NotFoundError(`network ${ref} not found`);
    return matches[0];
  }

  /** @throws Docker's errors for names, drivers and subnets that cannot be. */
  async create(request: wire.NetworkCreateRequest): Promise<NetworkRecord> {
    const { Name: name } = request;
    if (["bridge", "host", "none", "default"].includes(name)) {
      throw new ForbiddenError(`operation is not permitted on predefined ${name} network `);
    }
    if (name.trim() === "") throw new InvalidArgumentError(`invalid name: ${name}`);
    if (this.all().some((record) => record.name === name)) throw new ConflictError(`network with name ${name} already exists`);
    checkKind(request);
    checkDriver(request.Driver || "bridge");
    bridgeOptions(request.Options ?? {});
    const record: NetworkRecord = {
      name,
      id: randomId(),
      created: this.#clock.now().toISOString(),
      driver: "bridge",
      internal: request.Internal === true,
      ...(request.Attachable === true && { attachable: true }),
      ipam: this.#plan(request.IPAM?.Config ?? []),
      options: request.Options ?? {},
      labels: request.Labels ?? {},
    };
    this.#checkBridge(record);
    this.#records.set(record.id, record);
    await this.#write();
    return record;
  }

  /** @throws ForbiddenError for a predefined network. */
  async remove(record: NetworkRecord): Promise<void> {
    if (isPredefined(record)) throw new ForbiddenError(`${record.name} is a pre-defined network and cannot be removed`);
    this.#records.delete(record.id);
    await this.#write();
  }

  now(): Date {
    return this.#clock.now();
  }

  /** Sees to it that the ids of the predefined networks are kept, without making anybody wait; until then nobody misses them. */
  saveSoon(): void {
    if (this.#saved) return;
    this.#saved = true;
    this.#write().catch(() => {
      this.#saved = false;
    });
  }

  /** A bridge is one network's, and no interface of the engine's own: it would be removed with the network. */
  #checkBridge(record: NetworkRecord): void {
    const bridge = bridgeName(record);
    if (!/^[^\s/:]{1,15}$/.test(bridge) || /^(\.{1,2}|lo|uplink|tap0|veth.*)$/.test(bridge)) {
      throw new InvalidArgumentError(`${JSON.stringify(bridge)} cannot be the name of a bridge`);
    }
    const other = this.all().find((each) => each.driver === "bridge" && bridgeName(each) === bridge);
    if (other === undefined) return;
    throw new ForbiddenError(
      `cannot create network ${record.id} (${bridge}): conflicts with network ${other.id} (${bridgeName(other)}): networks have same bridge name`,
    );
  }

  /** One after the other, so that the newest is the one that stays. */
  #write(): Promise<void> {
    const written = this.#writing.then(async () => {
      await writeFileAtomic(this.#path, JSON.stringify(this.all(), null, 1));
      this.#saved = true;
    });
    this.#writing = written.catch(() => {});
    return written;
  }

  #plan(configs: NonNullable<NonNullable<wire.NetworkCreateRequest["IPAM"]>["Config"]>): NetworkRecord["ipam"] {
    if (configs.length > 1) throw new InternalError("bridge driver doesn't support multiple subnets");
    const [config = {}] = configs;
    const subnet = config.Subnet ? this.#chosenSubnet(config.Subnet) : this.#freeSubnet();
    const reserved = config.AuxiliaryAddresses ?? {};
    const gateway = planAddresses(subnet, { gateway: config.Gateway, range: config.IPRange, reserved });
    return {
      subnet: config.Subnet || formatSubnet(subnet),
      gateway,
      range: config.IPRange || null,
      chosen: Boolean(config.Subnet),
      ...(Object.keys(reserved).length > 0 && { reserved }),
    };
  }

  #chosenSubnet(text: string): Subnet {
    const subnet = parseSubnet(text);
    if (subnet === null) throw new InternalError(`Invalid subnet ${text} : invalid CIDR address: ${text}`);
    if (this.#subnets().some((other) => overlap(subnet, other))) {
      throw new ForbiddenError("Pool overlaps with other one on this address space");
    }
    return subnet;
  }

  #freeSubnet(): Subnet {
    const taken = this.#subnets();
    for (const subnet of defaultSubnets()) {
      if (!taken.some((other) => overlap(subnet, other))) return subnet;
    }
    throw new NotFoundError("could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network");
  }

  #subnets(): readonly Subnet[] {
    return this.all().flatMap((record) => (record.ipam === null ? [] : [subnetOf(record)]));
  }
}

/** Networks of other kinds than a bridge of one IPv4 subnet, which is what there is. @throws Docker's errors, and our own for IPv6. */
function checkKind(request: wire.NetworkCreateRequest): void {
  if (request.Scope === "swarm") throw new ForbiddenError("cannot create a swarm scoped network when swarm is not active");
  if (request.Ingress === true) throw new ForbiddenError("Ingress network can only be global scope network");
  if (request.ConfigOnly === true || request.ConfigFrom?.Network)
    throw new NotImplementedError("networks of a configuration are not supported");
  const ipam = request.IPAM?.Driver || "default";
  if (ipam !== "default") throw new NotFoundError(`plugin "${ipam}" not found`);
  const asksForSix = (request.IPAM?.Config ?? []).some(({ Subnet = "" }) => Subnet.includes(":"));
  if (asksForSix) throw new NotImplementedError("networks of this engine have IPv4 alone: an IPv6 subnet cannot be had");
  if (request.EnableIPv6 === true) {
    // What dockerd says without pools of IPv6, too.
    throw new NotFoundError("could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network");
  }
}

function checkDriver(driver: string): void {
  if (driver === "bridge") return;
  if (driver === "host" || driver === "null") throw new ForbiddenError(`only one instance of "${driver}" network is allowed`);
  if (driver === "overlay") {
    throw new InternalError(
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  }
  if (driver === "macvlan" || driver === "ipvlan") throw new NotImplementedError(`the ${driver} network driver is not supported`);
  throw new NotFoundError(`plugin "${driver}" not found`);
}
