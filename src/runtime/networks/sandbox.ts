import { randomId } from "../../base/ids.ts";
import type { DnsResponder } from "./dns-responder.ts";
import type { Endpoint } from "./endpoint.ts";
import type { NetworkAttachment, NetworkRequest } from "./networks.ts";
import type { PublishedPorts } from "./published-ports.ts";

/** What a running container holds of its networks (libnetwork's word). */
export interface Sandbox {
  /** As it was attached; its name follows a rename. */
  request: NetworkRequest;
  readonly id: string;
  /** Its network namespace; null on `host`, where it is the engine's. */
  readonly namespaceFd: number | null;
  readonly endpoints: Map<string, Endpoint>;
  readonly published: PublishedPorts;
  readonly hosts: NetworkAttachment["hosts"];
  dns: DnsResponder | null;
  /** The number of the next `ethN`; numbers are not used again. */
  nextInterface: number;
}

export function newSandbox(parts: Pick<Sandbox, "request" | "namespaceFd" | "published" | "hosts">): Sandbox {
  return { ...parts, id: randomId(), endpoints: new Map(), dns: null, nextInterface: 0 };
}

/** What setns(2) is given to join it. */
export function namespacePath(sandbox: Sandbox): string {
  return sandbox.namespaceFd === null ? `/proc/${process.pid}/ns/net` : `/proc/${process.pid}/fd/${sandbox.namespaceFd}`;
}

/** Docker's `SandboxKey`; nothing is there, since the namespace is held by the engine alone. */
export function sandboxKey(sandbox: Sandbox): string {
  return `/var/run/docker/netns/${sandbox.namespaceFd === null ? "default" : sandbox.id.slice(0, 12)}`;
}

/** The endpoint that the default route goes through and ports are published to: Docker's choice is the first network by name. */
export function gatewayEndpoint(sandbox: Sandbox): Endpoint | null {
  const outward = [...sandbox.endpoints.values()].filter((endpoint) => endpoint.device !== null && !endpoint.network.internal);
  return outward.toSorted((a, b) => (a.network.name < b.network.name ? -1 : 1))[0] ?? null;
}

/** The container's name, without a slash. */
export function nameOf(request: NetworkRequest): string {
  return request.name.replace(/^\//, "");
}
