import { writeFileSync } from "node:fs";
import { messageOf } from "../../base/errors.ts";
import { address, defaultRoute, findLink, MAIN_TABLE, refuseSubnet, setUp, useTable } from "../kernel/netlink/links.ts";
import { masqueradeTable, NFTABLES } from "../kernel/netlink/nftables.ts";
import { NETLINK, NetlinkSocket } from "../kernel/netlink/socket.ts";
import { parseSubnet, toAddress } from "./ipv4.ts";

const OUTWARD = 100;

/** What leads out of the engine's namespace, by what the keeper told (launch/way-out.pl); or why nothing does. */
export type Uplink =
  | {
      readonly kind: string;
      readonly interfaceName: string;
      readonly address: string;
      readonly prefixLength: number;
      readonly gateway: string;
    }
  | { readonly kind: "none"; readonly reason: string };

/** Parses `KIND INTERFACE ADDRESS/PREFIX GATEWAY` or `none REASON`. */
export function parseUplink(text: string): Uplink {
  const [, kind, interfaceName, own, prefix, gateway] = /^(\w+) (\w+) ([\d.]+)\/(\d+) ([\d.]+)$/.exec(text) ?? [];
  if (kind === undefined || interfaceName === undefined || own === undefined || gateway === undefined) {
    return { kind: "none", reason: text.replace(/^none /, "") };
  }
  return { kind, interfaceName, address: own, prefixLength: Number(prefix), gateway };
}

/**
 * Routes what containers send to elsewhere through `uplink`, and gives what there is by then: none, with the reason, when the kernel refused.
 *
 * slirp4netns opens a socket on the host for every flow and finds the container again by asking for its address, which this side answers for it
 * (proxy ARP). The others know this side by one address, so what containers send leaves by that.
 */
export function openUplink(netlink: NetlinkSocket, uplink: Uplink): Uplink {
  if (!("interfaceName" in uplink)) return uplink;
  const { kind, interfaceName, gateway, prefixLength } = uplink;
  try {
    const link = findLink(netlink, interfaceName);
    if (link === null) return { kind: "none", reason: `${kind}: there is no interface ${interfaceName}` };
    if (kind === "nftables") {
      netlink.request("uplink", setUp(link.index), address({ index: link.index, address: uplink.address, prefixLength }));
      netlink.request("route the engine's own out", defaultRoute({ index: link.index, gateway }));
    }
    if (kind === "slirp4netns") answerForContainers(interfaceName);
    // The socket is never closed: the rule is there as long as the engine.
    else
      new NetlinkSocket(NETLINK.netfilter).batch(
        "masquerade",
        NFTABLES,
        ...masqueradeTable({ table: "slipway", match: { out: interfaceName } }),
      );
    netlink.request("route out", defaultRoute({ index: link.index, gateway, table: OUTWARD }));
    netlink.request("let answers in", useTable({ priority: 98, inInterface: interfaceName, inverted: false, table: MAIN_TABLE }));
    netlink.request("let containers out", useTable({ priority: 99, inInterface: "lo", inverted: true, table: OUTWARD }));
    return uplink;
  } catch (error) {
    return { kind: "none", reason: `${kind}: ${messageOf(error)}` };
  }
}

/** Proxy ARP, at once: by default the kernel answers up to 0.8 s later, and slirp4netns drops what waits for it; four first connections in ten were lost. */
function answerForContainers(interfaceName: string): void {
  writeFileSync(`/proc/sys/net/ipv4/conf/${interfaceName}/proxy_arp`, "1");
  writeFileSync(`/proc/sys/net/ipv4/neigh/${interfaceName}/proxy_delay`, "0");
}

/** One bridge's containers do not reach another's by the way out either. */
export function keepFromUplink(netlink: NetlinkSocket, bridge: { readonly gateway: string; readonly prefixLength: number }): void {
  const subnet = parseSubnet(`${bridge.gateway}/${bridge.prefixLength}`);
  if (subnet === null) return;
  try {
    netlink.request(
      "keep to the bridge",
      refuseSubnet({ table: OUTWARD, base: toAddress(subnet.base), prefixLength: subnet.prefixLength }),
    );
  } catch (error) {
    // Of a network with the same subnet before.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
