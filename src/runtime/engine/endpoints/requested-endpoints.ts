import { InvalidArgumentError, NotImplementedError } from "../../../base/errors.ts";
import type { ContainerCreateRequest, EndpointSettings } from "../../../docker/api/types.ts";
import { checkAddresses } from "../../networks/endpoint-checks.ts";

type Endpoints = Readonly<Record<string, EndpointSettings | null>>;

/**
 * What a new container asks of its networks, with the MAC address that older clients give outside of them (API before 1.44).
 * @throws InvalidArgumentError for what is no address, NotImplementedError for what no network here gives.
 */
export function endpointsOf(request: ContainerCreateRequest): Endpoints {
  const given = request.NetworkingConfig?.EndpointsConfig ?? {};
  for (const [name, endpoint] of Object.entries(given)) checkEndpoint(name, endpoint, request.HostConfig?.Links ?? []);
  const mac = request.MacAddress;
  if (!mac) return given;
  checkMac(mac);
  const mode = request.HostConfig?.NetworkMode || "default";
  const main = mode === "default" ? "bridge" : mode;
  const own = given[main]?.MacAddress;
  if (own && own.toLowerCase() !== mac.toLowerCase()) {
    throw new InvalidArgumentError(
      "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty",
    );
  }
  return { ...given, [main]: { ...given[main], MacAddress: mac } };
}

/** What networks themselves refuse is refused when the container joins them. */
function checkEndpoint(name: string, endpoint: EndpointSettings | null, hostLinks: readonly string[]): void {
  checkAddresses(endpoint);
  if (endpoint?.MacAddress) checkMac(endpoint.MacAddress);
  // Clients that know links of networks send the container's with each.
  const link = endpoint?.Links?.find((each) => !hostLinks.includes(each));
  if (link !== undefined)
    throw new NotImplementedError(`the link ${link} of network ${name} alone is not supported: give it in HostConfig.Links`);
}

function checkMac(address: string): void {
  if (!/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(address)) throw new InvalidArgumentError(`invalid MAC address: ${address}`);
}
