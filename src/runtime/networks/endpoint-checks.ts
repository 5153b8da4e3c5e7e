import { isIP, isIPv4, isIPv6 } from "node:net";
import { InvalidArgumentError, NotImplementedError } from "../../base/errors.ts";
import type * as wire from "../../docker/api/types.ts";
import { isUserDefined, type NetworkRecord } from "./network-record.ts";
import type { NetworkRequest } from "./networks.ts";

const SHARED = "container sharing network namespace with another container or host cannot be connected to any other network";

/** @throws InvalidArgumentError for networks that go with no other. */
export function checkTogether(request: NetworkRequest, network: NetworkRecord, others: readonly string[]): void {
  if (request.mode.startsWith("container:")) {
    throw new InvalidArgumentError(SHARED);
  }
  if (request.mode === "host") throw new InvalidArgumentError(SHARED);
  if (network.driver === "host" || others.includes("host")) {
    throw new InvalidArgumentError("container cannot be disconnected from host network or connected to host network");
  }
  if ((network.driver === "null" && others.length > 0) || others.includes("none")) {
    throw new InvalidArgumentError("container cannot be connected to multiple networks with one of the networks in private (none) mode");
  }
}

/** @throws InvalidArgumentError for what only user-defined networks give, NotImplementedError for what none of ours does. */
export function checkConfig(network: NetworkRecord, config: wire.EndpointSettings | null): void {
  const unsupported = {
    "a gateway priority": config?.GwPriority,
    "driver options of an endpoint": Object.keys(config?.DriverOpts ?? {}).join(" "),
  };
  for (const [what, given] of Object.entries(unsupported)) {
    if (given) throw new NotImplementedError(`${what} cannot be given here: ${given}`);
  }
  checkAddresses(config);
  if (config?.IPAMConfig?.IPv6Address) {
    // No network here has a subnet of that kind.
    throw new InvalidArgumentError(
      isUserDefined(network)
        ? "user specified IP address is supported only when connecting to networks with user configured subnets"
        : "user specified IP address is supported on user defined networks only",
    );
  }
  if (config?.IPAMConfig?.IPv4Address) {
    if (!isUserDefined(network)) throw new InvalidArgumentError("user specified IP address is supported on user defined networks only");
    if (network.ipam?.chosen === false) {
      throw new InvalidArgumentError(
        "user specified IP address is supported only when connecting to networks with user configured subnets",
      );
    }
  }
  checkLinkLocal(config?.IPAMConfig?.LinkLocalIPs ?? []);
  if (!isUserDefined(network) && (config?.Aliases ?? []).length > 0) {
    throw new InvalidArgumentError("network-scoped alias is supported only for containers in user defined networks");
  }
}

/** @throws InvalidArgumentError with Docker's text for what is no address. */
export function checkAddresses(config: wire.EndpointSettings | null): void {
  const { IPv4Address, IPv6Address } = config?.IPAMConfig ?? {};
  if (IPv4Address && !isIPv4(IPv4Address)) throw new InvalidArgumentError(`invalid IPv4 address: ${IPv4Address}`);
  if (IPv6Address && !isIPv6(IPv6Address)) throw new InvalidArgumentError(`invalid IPv6 address: ${IPv6Address}`);
}

/** @throws InvalidArgumentError with Docker's texts; NotImplementedError for those of IPv6, which no network here has. */
function checkLinkLocal(addresses: readonly string[]): void {
  if (addresses.some((each) => isIP(each) === 0)) throw new InvalidArgumentError(`Invalid link-local IP address: [${addresses.join(" ")}]`);
  const six = addresses.find((each) => isIPv6(each));
  if (six !== undefined) throw new NotImplementedError(`a link-local address of IPv6 cannot be given here: ${six}`);
  const elsewhere = addresses.find((each) => !each.startsWith("169.254."));
  if (elsewhere !== undefined) throw new InvalidArgumentError(`invalid link local IP address: ${elsewhere}`);
}
