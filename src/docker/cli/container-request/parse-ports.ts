import { isIP } from "node:net";
import type { PortBinding } from "../../api/types.ts";

interface Range {
  readonly first: number;
  readonly last: number;
}

export interface Ports {
  readonly exposed: Readonly<Record<string, object>>;
  readonly bindings: Readonly<Record<string, readonly PortBinding[]>>;
}

/**
 * Reads `-p [ip:][host:]container[/protocol]`, where both ports may be ranges, and `--expose container[/protocol]`.
 * @throws Error in docker's words.
 */
export function parsePorts(publish: readonly string[], expose: readonly string[]): Ports {
  const exposed: Record<string, object> = {};
  const bindings: Record<string, PortBinding[]> = {};
  for (const text of publish) {
    for (const [port, binding] of published(text)) {
      exposed[port] = {};
      (bindings[port] ??= []).push(binding);
    }
  }
  for (const text of expose) {
    if (text.includes(":")) throw new Error(`invalid port format for --expose: ${text}`);
    const [port = "", protocol = "tcp"] = text.split("/");
    for (const number of each(exposedRange(text, port))) exposed[`${number}/${protocol.toLowerCase()}`] = {};
  }
  return { exposed, bindings };
}

function published(text: string): [port: string, binding: PortBinding][] {
  const [address = "", protocolText = "tcp"] = text.split("/");
  const protocol = protocolText.toLowerCase();
  // The address may be an IPv6 one in brackets, so the ports are read from the end.
  const [, ipText = "", hostText = "", containerText = ""] = /^(?:(?:(.*):)?([^:]*):)?([^:]*)$/.exec(address) ?? [];
  const ip = ipText.replace(/^\[(.*)\]$/, "$1");
  if (ip !== "" && isIP(ip) === 0) throw new Error(`invalid IP address: ${ip}`);
  if (containerText === "") throw new Error(`no port specified: ${text}<empty>`);
  const container = rangeOf(containerText, "containerPort");
  const host = hostText === "" ? null : rangeOf(hostText, "hostPort");
  if (host && container.last - container.first !== host.last - host.first && container.first !== container.last) {
    throw new Error(`invalid ranges specified for container and host Ports: ${containerText} and ${hostText}`);
  }
  if (!["tcp", "udp", "sctp"].includes(protocol)) throw new Error(`invalid proto: ${protocol}`);
  return each(container).map((number, index) => {
    let HostPort = "";
    // One port of the container with a range of the host's: the engine chooses from the range.
    if (host && container.first === container.last && host.first !== host.last) HostPort = `${host.first}-${host.last}`;
    else if (host) HostPort = String(host.first + index);
    return [`${number}/${protocol}`, { HostIp: ip, HostPort }];
  });
}

function rangeOf(text: string, what: string): Range {
  const [first, last = first, ...more] = text.split("-").map(Number);
  const fits = (port: number | undefined): port is number => port !== undefined && Number.isInteger(port) && port >= 0 && port <= 65535;
  if (!/^\d+(-\d+)?$/.test(text) || !fits(first) || !fits(last) || last < first || more.length > 0)
    throw new Error(`invalid ${what}: ${text}`);
  return { first, last };
}

function exposedRange(text: string, port: string): Range {
  try {
    return rangeOf(port, "port");
  } catch {
    if (/^\d+-\d+$/.test(port))
      throw new Error(`invalid range format for --expose: ${text}, error: invalid range specified for port: ${port}`);
    const wrong = port.split("-").find((part) => !/^\d+$/.test(part)) ?? port;
    throw new Error(
      `invalid range format for --expose: ${text}, error: strconv.ParseUint: parsing ${JSON.stringify(wrong)}: invalid syntax`,
    );
  }
}

function each({ first, last }: Range): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
