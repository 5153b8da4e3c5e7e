import { randomId } from "../../base/ids.ts";
import type * as wire from "../../docker/api/types.ts";
import { parseSubnet, type Subnet } from "./ipv4.ts";

/** A network as `networks.json` keeps it; addresses as text. */
export interface NetworkRecord {
  readonly name: string;
  readonly id: string;
  readonly created: string;
  readonly driver: "bridge" | "host" | "null";
  readonly internal: boolean;
  readonly attachable?: boolean;
  /** Of bridges. */
  readonly ipam: {
    readonly subnet: string;
    readonly gateway: string;
    readonly range: string | null;
    /** The subnet was asked for, so addresses in it may be asked for too. */
    readonly chosen: boolean;
    /** Addresses that no container gets, by the names of who has them. */
    readonly reserved?: Readonly<Record<string, string>>;
  } | null;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Docker's name of the network that containers are on by default. */
export const DEFAULT_NETWORK = "bridge";

/** The networks that every root has and that cannot be removed. */
export function predefinedNetworks(now: Date): readonly NetworkRecord[] {
  const common = { created: now.toISOString(), internal: false, options: {}, labels: {} };
  return [
    {
      ...common,
      name: DEFAULT_NETWORK,
      id: randomId(),
      driver: "bridge",
      ipam: { subnet: "172.17.0.0/16", gateway: "172.17.0.1", range: null, chosen: false },
      options: {
        "com.docker.network.bridge.default_bridge": "true",
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
        "com.docker.network.bridge.name": "docker0",
        "com.docker.network.driver.mtu": "1500",
      },
    },
    { ...common, name: "host", id: randomId(), driver: "host", ipam: null },
    { ...common, name: "none", id: randomId(), driver: "null", ipam: null },
  ];
}

export function isPredefined(record: NetworkRecord): boolean {
  return [DEFAULT_NETWORK, "host", "none"].includes(record.name);
}

/** Whether containers on it find each other by name, which they do not on Docker's default bridge. */
export function isUserDefined(record: NetworkRecord): boolean {
  return record.driver === "bridge" && !isPredefined(record);
}

/** The bridge's interface in the engine's namespace. */
export function bridgeName(record: NetworkRecord): string {
  return record.options["com.docker.network.bridge.name"] || `br-${record.id.slice(0, 12)}`;
}

/** The subnet of a bridge network. */
export function subnetOf(record: NetworkRecord): Subnet {
  const subnet = parseSubnet(record.ipam?.subnet ?? "");
  if (subnet === null) throw new Error(`network ${record.name} has no subnet`);
  return subnet;
}

/** Subnets that Docker picks from when none is asked for, in its order. */
export function* defaultSubnets(): Generator<Subnet> {
  for (let second = 17; second < 32; second++) yield { base: (172 * 256 + second) * 65536, prefixLength: 16 };
  for (let third = 0; third < 256; third += 16) yield { base: (192 * 256 + 168) * 65536 + third * 256, prefixLength: 20 };
}

/** As `GET /networks/{id}` shows it. */
export function networkInspect(record: NetworkRecord, containers: wire.NetworkInspect["Containers"]): wire.NetworkInspect {
  const { ipam } = record;
  return {
    Name: record.name,
    Id: record.id,
    Created: record.created,
    Scope: "local",
    Driver: record.driver,
    EnableIPv6: false,
    IPAM: {
      Driver: "default",
      Options: isPredefined(record) ? null : {},
      Config:
        ipam === null
          ? []
          : [
              {
                Subnet: ipam.subnet,
                ...(ipam.range === null ? {} : { IPRange: ipam.range }),
                Gateway: ipam.gateway,
                ...(ipam.reserved && { AuxiliaryAddresses: ipam.reserved }),
              },
            ],
    },
    Internal: record.internal,
    Attachable: record.attachable === true,
    Ingress: false,
    ConfigFrom: { Network: "" },
    ConfigOnly: false,
    Containers: containers,
    Options: record.options,
    Labels: record.labels,
  };
}
