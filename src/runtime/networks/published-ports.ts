import { hasErrno } from "../../base/errors.ts";
import type * as wire from "../../docker/api/types.ts";
import type { HostSockets } from "../kernel/host-sockets.ts";
import type { PortAllocator } from "./port-allocator.ts";
import { portKeys, type PortRequest, portRequests, type Protocol } from "./port-requests.ts";
import { type ListenAt, type Proxy, proxyTcp } from "./tcp-proxy.ts";
import { proxyUdp } from "./udp-proxy.ts";

/** The published ports of one running container: proxies in the engine's namespace, to the container's address. */
export class PublishedPorts {
  readonly #allocator: PortAllocator;
  readonly #host: HostSockets | null;
  readonly #taken: { readonly protocol: Protocol; readonly address: string; readonly port: number }[] = [];
  readonly #proxies: Proxy[] = [];
  readonly #bindings = new Map<string, wire.PortBinding[]>();
  #keys: readonly string[] = [];

  /** With `host`, they are opened on the host, too, which then says which are busy. */
  constructor(allocator: PortAllocator, host: HostSockets | null) {
    this.#allocator = allocator;
    this.#host = host;
  }

  /** Opens them all, or none. `target` is asked for each connection, as the address changes with `network connect`. @throws Error with the end of Docker's text. */
  async open(request: Parameters<typeof portRequests>[0], target: () => string): Promise<void> {
    this.#keys = portKeys(request);
    try {
      for (const wanted of portRequests(request)) await this.#publish(wanted, target);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** As `NetworkSettings.Ports`: null for what is exposed but not published. */
  get ports(): wire.PortMap {
    return Object.fromEntries(this.#keys.toSorted().map((key) => [key, this.#bindings.get(key) ?? null]));
  }

  close(): void {
    for (const proxy of this.#proxies.splice(0)) proxy.close();
    for (const { protocol, address, port } of this.#taken.splice(0)) this.#allocator.release(protocol, address, port);
    this.#bindings.clear();
    this.#keys = [];
  }

  async #publish(wanted: PortRequest, target: () => string): Promise<void> {
    const { protocol, containerPort, hostAddress } = wanted;
    const random = wanted.hostPorts === null;
    for (;;) {
      const port = this.#allocator.take(wanted);
      this.#taken.push({ protocol, address: hostAddress, port });
      const before = this.#proxies.length;
      try {
        const listed = [];
        for (const address of hostAddress === "" ? ["0.0.0.0", "::"] : [hostAddress]) {
          if (await this.#listen(protocol, address, port, () => ({ host: target(), port: containerPort }))) {
            listed.push({ HostIp: address, HostPort: String(port) });
          }
        }
        const key = `${containerPort}/${protocol}`;
        this.#bindings.set(key, [...(this.#bindings.get(key) ?? []), ...listed]);
        return;
      } catch (error) {
        // Somebody else in the namespace has that one: a random port is as good as the next.
        if (random && hasErrno(error, "EADDRINUSE")) {
          for (const proxy of this.#proxies.splice(before)) proxy.close();
          continue;
        }
        const address = hostAddress || "0.0.0.0";
        throw new Error(`Error starting userland proxy: listen ${protocol}4 ${address}:${port}: bind: ${reasonOf(error)}`, {
          cause: error,
        });
      }
    }
  }

  /** False where there is no IPv6 to listen on. */
  async #listen(protocol: Protocol, address: string, port: number, target: () => { host: string; port: number }): Promise<boolean> {
    const ipv6 = address.includes(":");
    const open = (at: ListenAt): Promise<Proxy> => (protocol === "tcp" ? proxyTcp(at, target) : proxyUdp({ ...at, ipv6 }, target));
    try {
      if (this.#host === null) this.#proxies.push(await open({ host: address, port }));
      else {
        this.#proxies.push(await open({ fd: this.#host.bind(protocol, address, port) }));
        // The engine may not have that address, or something of its own there.
        await open({ host: address, port }).then(
          (proxy) => this.#proxies.push(proxy),
          () => undefined,
        );
      }
      return true;
    } catch (error) {
      if (address === "::" && (hasErrno(error, "EAFNOSUPPORT") || hasErrno(error, "EADDRNOTAVAIL"))) return false;
      throw error;
    }
  }
}

function reasonOf(error: unknown): string {
  if (hasErrno(error, "EADDRINUSE")) return "address already in use";
  if (hasErrno(error, "EADDRNOTAVAIL")) return "cannot assign requested address";
  if (hasErrno(error, "EACCES")) return "permission denied";
  return String(error);
}
