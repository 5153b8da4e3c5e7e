import type { EndpointSettings } from "../../api/types.ts";
import { splitCsv } from "./parse-mount.ts";

interface NetworkFlags {
  readonly "network-alias": readonly string[];
  readonly "net-alias": readonly string[];
  readonly ip: string;
  readonly ip6: string;
  readonly "link-local-ip": readonly string[];
  readonly "mac-address": string;
  readonly link: readonly string[];
}

export interface Networks {
  /** `HostConfig.NetworkMode`: the first network. */
  readonly mode: string;
  readonly endpoints: Readonly<Record<string, EndpointSettings>>;
}

/**
 * Reads `--network name` and `--network name=n,alias=a,ip=i`, with the flags that describe the first one.
 * @throws Error in docker's words.
 */
export function networksOf(flags: NetworkFlags, networks: readonly string[]): Networks {
  const aliases = [...flags["network-alias"], ...flags["net-alias"]];
  const mac = flags["mac-address"];
  if (mac !== "" && !/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(mac)) throw new Error(`${mac} is not a valid mac address`);
  const asked = networks.map(parseNetwork);
  const mode = asked[0]?.name ?? "default";
  const endpoints: Record<string, EndpointSettings> = {};
  for (const [index, network] of (asked.length === 0 ? [{ name: mode, aliases: [], ip: "", mac: "" }] : asked).entries()) {
    const first = index === 0;
    const allAliases = [...network.aliases, ...(first ? aliases : [])];
    const ip = network.ip || (first ? flags.ip : "");
    const address = network.mac || (first ? mac : "");
    const own = !["default", "bridge", "host", "none"].includes(network.name) && !network.name.startsWith("container:");
    if (allAliases.length > 0 && !own) throw new Error("network-scoped aliases are only supported for user-defined networks");
    if (endpoints[network.name]) throw new Error(`network "${network.name}" is specified multiple times`);
    const local = first ? flags["link-local-ip"] : [];
    const ip6 = first ? flags.ip6 : "";
    const ipam = {
      ...(ip !== "" && { IPv4Address: ip }),
      ...(ip6 !== "" && { IPv6Address: ip6 }),
      ...(local.length > 0 && { LinkLocalIPs: local }),
    };
    const hasIpam = Object.keys(ipam).length > 0;
    if (allAliases.length === 0 && !hasIpam && address === "" && asked.length < 2 && !(own && flags.link.length > 0)) continue;
    endpoints[network.name] = {
      ...(allAliases.length > 0 && { Aliases: allAliases }),
      ...(hasIpam && { IPAMConfig: ipam }),
      ...(address !== "" && { MacAddress: address }),
      ...(first && own && flags.link.length > 0 && { Links: flags.link }),
    };
  }
  return { mode, endpoints };
}

function parseNetwork(text: string): { name: string; aliases: string[]; ip: string; mac: string } {
  const network = { name: "", aliases: [] as string[], ip: "", mac: "" };
  if (!text.includes("=")) return { ...network, name: text };
  for (const field of splitCsv(text)) {
    const at = field.indexOf("=");
    const [key, value] = [field.slice(0, Math.max(at, 0)).trim().toLowerCase(), field.slice(at + 1).trim()];
    if (key === "name") network.name = value;
    else if (key === "alias") network.aliases.push(value);
    else if (key === "ip") network.ip = value;
    else if (key === "mac-address") network.mac = value;
    else throw new Error(at < 0 ? `invalid key/value pair format in driver options` : `invalid field key ${key}`);
  }
  if (network.name === "") throw new Error("network name/id is not specified");
  return network;
}
