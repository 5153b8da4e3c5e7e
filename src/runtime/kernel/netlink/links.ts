import { isIPv4 } from "node:net";
import { InvalidArgumentError } from "../../../base/errors.ts";
import { type Attribute, decodeAttributes, encodeAttributes, type NetlinkRequest, text, uint32 } from "./message.ts";
import type { NetlinkSocket } from "./socket.ts";

/** linux/rtnetlink.h, if_link.h, if_addr.h, fib_rules.h, veth.h */
const RTM = { newLink: 16, deleteLink: 17, getLink: 18, newAddress: 20, newRoute: 24, deleteRoute: 25, newRule: 32 } as const;
const IFLA = { address: 1, name: 3, mtu: 4, master: 10, protocolInfo: 12, operationalState: 16, linkInfo: 18, netNsFd: 28 } as const;
const IFLA_INFO = { kind: 1, data: 2 } as const;
const VETH_INFO_PEER = 1;
const BRIDGE_PORT = { state: 1, flush: 19, isolated: 33 } as const;
const IFA = { address: 1, local: 2, broadcast: 4 } as const;
const RTA = { destination: 1, outInterface: 4, gateway: 5 } as const;
const FRA = { inInterface: 3, priority: 6, table: 15 } as const;
const CREATE_NEW = 0x600;
const AF_INET = 2;
const IFF_UP = 1;
const OPERATIONAL = 6;

/** An interface as the kernel has it; `mac` is empty for those without. */
export interface Link {
  readonly index: number;
  readonly name: string;
  readonly mac: string;
  /** Set up by somebody. */
  readonly up: boolean;
  /** Up, and so is its other end; RFC 2863's operational state. A bridge passes nothing to a port before. */
  readonly operational: boolean;
}

/** The interface called `name` in the socket's namespace, or null. */
export function findLink(netlink: NetlinkSocket, name: string): Link | null {
  let replies;
  try {
    replies = netlink.request("rtnetlink getlink", {
      type: RTM.getLink,
      flags: 0,
      header: linkHeader({}),
      attributes: [{ type: IFLA.name, value: text(name) }],
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENODEV") return null;
    throw error;
  }
  const [reply] = replies;
  if (reply === undefined) return null;
  const attributes = decodeAttributes(reply.payload.subarray(16));
  return {
    index: reply.payload.readInt32LE(4),
    name: (attributes.get(IFLA.name)?.toString() ?? "").replace(/\0$/, ""),
    mac: [...(attributes.get(IFLA.address) ?? [])].map((byte) => byte.toString(16).padStart(2, "0")).join(":"),
    up: (reply.payload.readUInt32LE(8) & IFF_UP) !== 0,
    operational: attributes.get(IFLA.operationalState)?.[0] === OPERATIONAL,
  };
}

/** A bridge, up. */
export function bridge(options: { readonly name: string; readonly mac: string; readonly mtu: number }): NetlinkRequest {
  return {
    type: RTM.newLink,
    flags: CREATE_NEW,
    header: linkHeader({ up: true }),
    attributes: [
      { type: IFLA.name, value: text(options.name) },
      { type: IFLA.mtu, value: uint32(options.mtu) },
      { type: IFLA.address, value: macBytes(options.mac) },
      { type: IFLA.linkInfo, value: [{ type: IFLA_INFO.kind, value: text("bridge") }] },
    ],
  };
}

/**
 * A pair of interfaces: `name` here, up and on the bridge with index `master`; the peer in the namespace that `namespaceFd` holds, still down
 * (the kernel opens no end of a pair that is half made).
 */
export function veth(options: {
  readonly name: string;
  readonly master: number;
  readonly mtu: number;
  readonly peer: { readonly name: string; readonly namespaceFd: number };
}): NetlinkRequest {
  const { peer } = options;
  const peerInfo = [
    { type: IFLA.name, value: text(peer.name) },
    { type: IFLA.mtu, value: uint32(options.mtu) },
    { type: IFLA.netNsFd, value: uint32(peer.namespaceFd) },
  ];
  const data: Attribute = { type: IFLA_INFO.data, value: [{ type: VETH_INFO_PEER, value: withHeader(linkHeader({}), peerInfo) }] };
  return {
    type: RTM.newLink,
    flags: CREATE_NEW,
    header: linkHeader({ up: true }),
    attributes: [
      { type: IFLA.name, value: text(options.name) },
      { type: IFLA.mtu, value: uint32(options.mtu) },
      { type: IFLA.master, value: uint32(options.master) },
      { type: IFLA.linkInfo, value: [{ type: IFLA_INFO.kind, value: text("veth") }, data] },
    ],
  };
}

/** Removes an interface; of a veth also its peer. */
export function deleteLink(name: string): NetlinkRequest {
  return { type: RTM.deleteLink, flags: 0, header: linkHeader({}), attributes: [{ type: IFLA.name, value: text(name) }] };
}

/**
 * Makes a bridge's port deaf and forgets which addresses were behind it. It is the quick half of `deleteLink` (which makes its caller wait
 * some 20 ms for the kernel): with the namespace of its peer gone, the kernel removes the pair by itself a little later.
 */
export function disableBridgePort(index: number): NetlinkRequest {
  return bridgePort(index, [
    { type: BRIDGE_PORT.state, value: Buffer.from([0]) },
    { type: BRIDGE_PORT.flush, value: Buffer.alloc(0) },
  ]);
}

/** From now on nothing passes between this port of a bridge and others that are isolated; the bridge itself each of them reaches. */
export function isolateBridgePort(index: number): NetlinkRequest {
  return bridgePort(index, [{ type: BRIDGE_PORT.isolated, value: Buffer.from([1]) }]);
}

function bridgePort(index: number, attributes: readonly Attribute[]): NetlinkRequest {
  const AF_BRIDGE = 7;
  const SET_LINK = 19;
  const NESTED = 0x8000;
  const header = linkHeader({ index });
  header[0] = AF_BRIDGE;
  return { type: SET_LINK, flags: 0, header, attributes: [{ type: IFLA.protocolInfo | NESTED, value: attributes }] };
}

export function setUp(index: number): NetlinkRequest {
  return { type: RTM.newLink, flags: 0, header: linkHeader({ index, up: true }), attributes: [] };
}

/** Gives an interface, up or down, another MAC address. */
export function setMac(index: number, mac: string): NetlinkRequest {
  return { type: RTM.newLink, flags: 0, header: linkHeader({ index }), attributes: [{ type: IFLA.address, value: macBytes(mac) }] };
}

/** An IPv4 address with the broadcast address of its subnet. */
export function address(options: { readonly index: number; readonly address: string; readonly prefixLength: number }): NetlinkRequest {
  const header = Buffer.alloc(8);
  header.set([AF_INET, options.prefixLength, 0, 0]);
  header.writeUInt32LE(options.index, 4);
  const bytes = ipv4Bytes(options.address);
  const hostBits = 2 ** (32 - options.prefixLength) - 1;
  const broadcast = Buffer.alloc(4);
  broadcast.writeUInt32BE((bytes.readUInt32BE() | hostBits) >>> 0);
  return {
    type: RTM.newAddress,
    flags: CREATE_NEW,
    header,
    attributes: [
      { type: IFA.local, value: bytes },
      { type: IFA.address, value: bytes },
      ...(options.prefixLength < 31 ? [{ type: IFA.broadcast, value: broadcast }] : []),
    ],
  };
}

export const MAIN_TABLE = 254;
// family, dst_len, src_len, tos, table main, protocol boot, scope universe, type unicast, flags
const everywhere = Buffer.from([AF_INET, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0]);

/** Removes the default route; the kernel answers ESRCH when there is none. */
export function deleteDefaultRoute(): NetlinkRequest {
  return { type: RTM.deleteRoute, flags: 0, header: everywhere, attributes: [] };
}

/** Into `table`, the main one if not said. */
export function defaultRoute(options: { readonly index: number; readonly gateway: string; readonly table?: number }): NetlinkRequest {
  const header = Buffer.from(everywhere);
  header[4] = options.table ?? MAIN_TABLE;
  return {
    type: RTM.newRoute,
    flags: CREATE_NEW,
    header,
    attributes: [
      { type: RTA.gateway, value: ipv4Bytes(options.gateway) },
      { type: RTA.outInterface, value: uint32(options.index) },
    ],
  };
}

/** A policy rule (ip-rule(8)): whatever did not start on this side is answered with ICMP "unreachable" instead of being routed on. */
export function refuseForwarding(priority: number): NetlinkRequest {
  const INVERT = 2;
  const UNREACHABLE = 7;
  const header = Buffer.from([AF_INET, 0, 0, 0, 0, 0, 0, UNREACHABLE, INVERT, 0, 0, 0]);
  return {
    type: RTM.newRule,
    flags: CREATE_NEW,
    header,
    // Packets of this side's own have `lo` for the interface they came in by.
    attributes: [
      { type: FRA.inInterface, value: text("lo") },
      { type: FRA.priority, value: uint32(priority) },
    ],
  };
}

/** A policy rule: what came in by `inInterface`, or by any but it with `inverted`, is routed by `table`. */
export function useTable(options: {
  readonly priority: number;
  readonly inInterface: string;
  readonly inverted: boolean;
  readonly table: number;
}): NetlinkRequest {
  const TO_TABLE = 1;
  return {
    type: RTM.newRule,
    flags: CREATE_NEW,
    header: Buffer.from([AF_INET, 0, 0, 0, options.table, 0, 0, TO_TABLE, options.inverted ? 2 : 0, 0, 0, 0]),
    attributes: [
      { type: FRA.inInterface, value: text(options.inInterface) },
      { type: FRA.priority, value: uint32(options.priority) },
      { type: FRA.table, value: uint32(options.table) },
    ],
  };
}

/** In `table`, what goes to a subnet is answered with ICMP "unreachable". */
export function refuseSubnet(options: { readonly table: number; readonly base: string; readonly prefixLength: number }): NetlinkRequest {
  const UNREACHABLE = 7;
  return {
    type: RTM.newRoute,
    flags: CREATE_NEW,
    header: Buffer.from([AF_INET, options.prefixLength, 0, 0, options.table, 3, 0, UNREACHABLE, 0, 0, 0, 0]),
    attributes: [{ type: RTA.destination, value: ipv4Bytes(options.base) }],
  };
}

/** struct ifinfomsg */
function linkHeader(options: { readonly index?: number; readonly up?: boolean }): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(options.index ?? 0, 4);
  if (options.up) {
    header.writeUInt32LE(IFF_UP, 8);
    header.writeUInt32LE(IFF_UP, 12);
  }
  return header;
}

/** VETH_INFO_PEER is a whole link message inside an attribute: its header, then its attributes. */
function withHeader(header: Buffer, attributes: readonly Attribute[]): Buffer {
  return Buffer.concat([header, encodeAttributes(attributes)]);
}

function macBytes(mac: string): Buffer {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac)) throw new InvalidArgumentError(`invalid MAC address: ${mac}`);
  return Buffer.from(mac.replaceAll(":", ""), "hex");
}

function ipv4Bytes(address: string): Buffer {
  if (!isIPv4(address)) throw new InvalidArgumentError(`invalid IPv4 address: ${address}`);
  return Buffer.from(address.split(".").map(Number));
}
