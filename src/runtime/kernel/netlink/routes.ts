import { decodeAttributes, type NetlinkRequest } from "./message.ts";
import type { NetlinkSocket } from "./socket.ts";

/** linux/rtnetlink.h */
const RTM_GETROUTE = 26;
const DUMP = 0x300;
const AF_INET = 2;
const RTA_DST = 1;

/** The IPv4 subnets that the socket's namespace has routes to, its own addresses among them, in every table; not "everywhere". */
export function routedSubnets(netlink: NetlinkSocket): readonly { readonly address: string; readonly prefixLength: number }[] {
  const header = Buffer.alloc(12);
  header[0] = AF_INET;
  const list: NetlinkRequest = { type: RTM_GETROUTE, flags: DUMP, header, attributes: [] };
  return netlink.request("list the routes", list).flatMap(({ payload }) => {
    const destination = decodeAttributes(payload.subarray(12)).get(RTA_DST);
    const prefixLength = payload[1] ?? 0;
    return destination === undefined || prefixLength === 0 ? [] : [{ address: destination.join("."), prefixLength }];
  });
}
