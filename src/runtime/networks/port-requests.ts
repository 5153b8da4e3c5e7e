import { InvalidArgumentError } from "../../base/errors.ts";
import type * as wire from "../../docker/api/types.ts";

export type Protocol = "tcp" | "udp";

/** One port of a container that is to be reachable from outside; `hostPorts` is a range, null for any free one. */
export interface PortRequest {
  readonly containerPort: number;
  readonly protocol: Protocol;
  /** Empty: on every address. */
  readonly hostAddress: string;
  readonly hostPorts: { readonly first: number; readonly last: number } | null;
}

/**
 * What `-p` and `-P` ask for, sorted by port as Docker programs them.
 * @throws InvalidArgumentError for what is no port.
 */
export function portRequests(request: {
  readonly exposedPorts: readonly string[];
  readonly portBindings: wire.PortMap;
  readonly publishAll: boolean;
}): readonly PortRequest[] {
  const requests: PortRequest[] = [];
  for (const key of portKeys(request)) {
    const { port: containerPort, protocol } = parsePortKey(key);
    const bindings = request.portBindings[key] ?? [];
    for (const binding of bindings) {
      const hostPorts = binding.HostPort ? parseRange(binding.HostPort) : null;
      requests.push({ containerPort, protocol, hostAddress: binding.HostIp ?? "", hostPorts });
    }
    if (bindings.length === 0 && request.publishAll) requests.push({ containerPort, protocol, hostAddress: "", hostPorts: null });
  }
  return requests;
}

/** `80/tcp` of all that is exposed or published, sorted by number. */
export function portKeys(request: { readonly exposedPorts: readonly string[]; readonly portBindings: wire.PortMap }): readonly string[] {
  const keys = new Set([...request.exposedPorts, ...Object.keys(request.portBindings)]);
  return [...keys].toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
}

function parsePortKey(key: string): { readonly port: number; readonly protocol: Protocol } {
  const [port = "", protocol = "tcp"] = key.split("/");
  if (protocol !== "tcp" && protocol !== "udp") throw new InvalidArgumentError(`Unsupported transport protocol: ${protocol}`);
  return { port: parsePort(port), protocol };
}

function parseRange(text: string): { readonly first: number; readonly last: number } {
  const [first = "", last = first] = text.split("-");
  const range = { first: parsePort(first), last: parsePort(last) };
  if (range.last < range.first) throw new InvalidArgumentError(`invalid port specification: "${text}"`);
  return range;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65535) throw new InvalidArgumentError(`invalid port specification: "${text}"`);
  return port;
}
