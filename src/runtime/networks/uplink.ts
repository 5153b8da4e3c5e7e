import { writeFileSync } from "node:fs";
import { defaultRoute, findLink, MAIN_TABLE, refuseSubnet, useTable } from "../kernel/netlink/links.ts";
import type { NetlinkSocket } from "../kernel/netlink/socket.ts";
import { parseSubnet, toAddress } from "./ipv4.ts";

/** What slirp4netns calls its interface, and where it routes; its defaults (slirp4netns(1)). */
const TAP = "tap0";
const GATEWAY = "10.0.2.2";
const OUTWARD = 100;

/**
 * Routes what containers send to elsewhere through slirp4netns's interface, where the launch has made one, and tells whether it has.
 * No address is translated here: slirp4netns opens a socket on the host for every flow, and finds the container again by asking for its address,
 * which this side answers for it (proxy ARP).
 */
export function openUplink(netlink: NetlinkSocket): boolean {
  const tap = findLink(netlink, TAP);
  if (tap === null) return false;
  writeFileSync(`/proc/sys/net/ipv4/conf/${TAP}/proxy_arp`, "1");
  netlink.request("route out", defaultRoute({ index: tap.index, gateway: GATEWAY, table: OUTWARD }));
  netlink.request("let answers in", useTable({ priority: 98, inInterface: TAP, inverted: false, table: MAIN_TABLE }));
  netlink.request("let containers out", useTable({ priority: 99, inInterface: "lo", inverted: true, table: OUTWARD }));
  return true;
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
