import { StatusError } from "../cli-errors.ts";
import { argument, defineCommand } from "../command.ts";
import { bool, keyValueMap, list, map, string, strings } from "../flags/flags.ts";

/** `docker network create`: prints its id. */
export const command = defineCommand({
  use: "[OPTIONS] NETWORK",
  flags: {
    attachable: bool("Enable manual container attachment"),
    "aux-address": map("Auxiliary IPv4 or IPv6 addresses used by Network driver"),
    "config-from": string("The network from which to copy the configuration"),
    "config-only": bool("Create a configuration only network"),
    driver: string("Driver to manage the Network", { short: "d", initial: "bridge" }),
    gateway: strings("IPv4 or IPv6 Gateway for the master subnet"),
    ingress: bool("Create swarm routing-mesh network"),
    internal: bool("Restrict external access to the network"),
    "ip-range": strings("Allocate container ip from a sub-range"),
    "ipam-driver": string("IP Address Management Driver", { initial: "default" }),
    "ipam-opt": map("Set IPAM driver specific options"),
    ipv4: bool("Enable or disable IPv4 address assignment", { initial: true }),
    ipv6: bool("Enable or disable IPv6 address assignment"),
    label: list("Set metadata on a network"),
    opt: map("Set driver specific options", { short: "o" }),
    scope: string("Control the network's scope"),
    subnet: strings("Subnet in CIDR format that represents a network segment"),
  },
  args: { min: 1, max: 1 },
  completes: ["none"],
  async run(options, context) {
    const { flags, given } = options;
    const client = await context.client();
    const request = {
      Name: argument(options, 0),
      Driver: flags.driver,
      Scope: flags.scope,
      Internal: flags.internal,
      Attachable: flags.attachable,
      Ingress: flags.ingress,
      ...(given.has("ipv4") && { EnableIPv4: flags.ipv4 }),
      ...(given.has("ipv6") && { EnableIPv6: flags.ipv6 }),
      ConfigOnly: flags["config-only"],
      ...(flags["config-from"] === "" ? {} : { ConfigFrom: { Network: flags["config-from"] } }),
      IPAM: {
        Driver: flags["ipam-driver"],
        Options: flags["ipam-opt"],
        Config: ipamConfig(flags.subnet, flags["ip-range"], flags.gateway, flags["aux-address"]),
      },
      Options: flags.opt,
      Labels: keyValueMap(flags.label),
    };
    const { Id, Warning } = await client.createNetwork(request);
    if (Warning) context.stderr.write(`WARNING: ${Warning}\n`);
    context.stdout.write(`${Id}\n`);
    return 0;
  },
});

interface Pool {
  Subnet: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Record<string, string>;
}

/** Gives each range, gateway and auxiliary address to the subnet that it lies in. */
function ipamConfig(
  subnets: readonly string[],
  ranges: readonly string[],
  gateways: readonly string[],
  auxiliary: Readonly<Record<string, string>>,
): readonly Pool[] {
  if (subnets.length < ranges.length || subnets.length < gateways.length) {
    throw new StatusError("every ip-range or gateway must have a corresponding subnet");
  }
  const pools = subnets.map((Subnet): Pool => ({ Subnet }));
  const poolOf = (address: string, what: string): Pool => {
    const pool = pools.find(({ Subnet }) => lies(address.split("/", 1).join(""), Subnet));
    if (!pool) throw new StatusError(`no matching subnet for ${what} ${address}`);
    return pool;
  };
  for (const range of ranges) {
    const pool = poolOf(range, "range");
    if (pool.IPRange !== undefined)
      throw new StatusError(`cannot configure multiple ranges (${range}, ${pool.IPRange}) on the same subnet (${pool.Subnet})`);
    pool.IPRange = range;
  }
  for (const gateway of gateways) {
    const pool = poolOf(gateway, "gateway");
    if (pool.Gateway !== undefined)
      throw new StatusError(`cannot configure multiple gateways (${gateway}, ${pool.Gateway}) for the same subnet (${pool.Subnet})`);
    pool.Gateway = gateway;
  }
  for (const [name, address] of Object.entries(auxiliary)) {
    const pool = poolOf(address, "aux-address");
    pool.AuxiliaryAddresses = { ...pool.AuxiliaryAddresses, [name]: address };
  }
  return pools;
}

/** Whether an IPv4 address is in `a.b.c.d/bits`; anything else is left to the engine to judge, with the first subnet. */
function lies(address: string, subnet: string): boolean {
  const [base = "", bits = "32"] = subnet.split("/");
  const number = ipv4(address);
  const start = ipv4(base);
  if (number === null || start === null) return address.includes(":") === base.includes(":");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number / size) === Math.floor(start / size);
}

function ipv4(address: string): number | null {
  const parts = address.split(".").map(Number);
  const valid = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  return valid ? parts.reduce((sum, part) => sum * 256 + part, 0) : null;
}
