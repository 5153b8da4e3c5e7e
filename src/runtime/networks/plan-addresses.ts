import { isIPv4 } from "node:net";
import { InternalError, InvalidArgumentError } from "../../base/errors.ts";
import { contains, formatSubnet, parseSubnet, sizeOf, type Subnet, toAddress } from "./ipv4.ts";

/**
 * The gateway of a new network: the one asked for, or the first free address of the range that containers get theirs from. `reserved` is what the
 * network keeps for others, by their names.
 * @throws InternalError, InvalidArgumentError with Docker's texts for addresses that are none, lie elsewhere or are taken.
 */
export function planAddresses(
  subnet: Subnet,
  asked: {
    readonly gateway?: string | undefined;
    readonly range?: string | undefined;
    readonly reserved: Readonly<Record<string, string>>;
  },
): string {
  const range = asked.range ? parseSubnet(asked.range) : subnet;
  if (range === null) throw new InternalError(`Invalid sub pool ${asked.range}: invalid CIDR address: ${asked.range}`);
  if (!contains(subnet, toAddress(range.base))) throw new InvalidArgumentError(`no matching subnet for range ${asked.range}`);
  const taken = new Set([toAddress(subnet.base), toAddress(subnet.base + sizeOf(subnet.prefixLength) - 1)]);
  const gateway = asked.gateway || firstFree(range, taken);
  if (!isIPv4(gateway)) throw new InvalidArgumentError(`invalid gateway address ${gateway} in Ipam configuration`);
  if (!contains(subnet, gateway)) throw new InternalError(`failed to allocate gateway (${gateway}): Requested address is out of range`);
  if (taken.has(gateway)) throw new InternalError(`failed to allocate gateway (${gateway}): Address already in use`);
  taken.add(gateway);
  for (const [name, address] of Object.entries(asked.reserved)) {
    if (!isIPv4(address) || !contains(subnet, address)) {
      throw new InvalidArgumentError(`auxiliary address: (${name}:${address}) must belong to the master pool: ${formatSubnet(subnet)}`);
    }
    if (taken.has(address)) throw new InternalError(`failed to allocate secondary ip address (${name}:${address}): Address already in use`);
    taken.add(address);
  }
  return gateway;
}

function firstFree(range: Subnet, taken: ReadonlySet<string>): string {
  const end = range.base + sizeOf(range.prefixLength);
  for (let number = range.base; number < end; number++) if (!taken.has(toAddress(number))) return toAddress(number);
  throw new InternalError("failed to allocate gateway (): No available addresses on this pool");
}
