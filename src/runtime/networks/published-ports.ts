import { hasErrno } from "../../base/errors.ts";
import type * as wire from "../../docker/api/types.ts";
import { closeSync, readdirSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { listeningSocket } from "../kernel/inet-socket.ts";
import type { HostSockets } from "../kernel/host-sockets.ts";
import type { PortAllocator } from "./port-allocator.ts";
import { portKeys, type PortRequest, portRequests, type Protocol } from "./port-requests.ts";
import { type Listener, TcpForwarder } from "./tcp-forwarder.ts";
import { type ListenAt, type Proxy, proxyUdp } from "./udp-proxy.ts";

/** So many ports are opened before others are served; fewer are never too many. */
const AT_A_STRETCH = 256;
/** Descriptors that no published port takes. */
const KEPT_FOR_OTHERS = 1000;

/** The published ports of one running container: proxies in the engine's namespace, to the container's address. */
export class PublishedPorts {
  readonly #allocator: PortAllocator;
  readonly #host: HostSockets | null;
  readonly #taken: { readonly protocol: Protocol; readonly address: string; readonly port: number }[] = [];
  readonly #proxies: Proxy[] = [];
  /** Sockets that no forwarder has yet. */
  readonly #listeners: Listener[] = [];
  readonly #program: string | undefined;
  #forwarder: TcpForwarder | null = null;
  #target = "";
  readonly #bindings = new Map<string, wire.PortBinding[]>();
  #keys: readonly string[] = [];

  /** With `host`, they are opened on the host, too, which then says which are busy; `forwarder` is the path of forward.pl. */
  constructor(allocator: PortAllocator, options: { readonly host: HostSockets | null; readonly forwarder?: string | undefined }) {
    this.#allocator = allocator;
    this.#host = options.host;
    this.#program = options.forwarder;
  }

  /** Opens them all, or none, for the container at `address`. @throws Error with the end of Docker's text. */
  async open(request: Parameters<typeof portRequests>[0], address: string): Promise<void> {
    this.#keys = portKeys(request);
    this.#target = address;
    try {
      const requests = portRequests(request);
      checkDescriptors(requests);
      for (const [index, wanted] of requests.entries()) {
        await this.#publish(wanted);
        // Thousands of ports take a while, in which others are served.
        if (index % AT_A_STRETCH === AT_A_STRETCH - 1) await setImmediate();
      }
      if (this.#listeners.length > 0) this.#forwarder = new TcpForwarder(this.#listeners.splice(0), address, this.#program);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** As `NetworkSettings.Ports`: null for what is exposed but not published. */
  get ports(): wire.PortMap {
    return Object.fromEntries(this.#keys.toSorted().map((key) => [key, this.#bindings.get(key) ?? null]));
  }

  /** The container has another address by now, after `network connect` or `disconnect`. */
  retarget(address: string): void {
    if (this.#target === address) return;
    this.#target = address;
    this.#forwarder?.retarget(address);
  }

  /** Resolves when others may have the ports. */
  async close(): Promise<void> {
    const forwarder = this.#forwarder;
    const taken = this.#taken.splice(0);
    this.#forwarder = null;
    for (const { fd } of this.#listeners.splice(0)) closeSync(fd);
    for (const proxy of this.#proxies.splice(0)) proxy.close();
    this.#bindings.clear();
    this.#keys = [];
    await forwarder?.close();
    for (const { protocol, address, port } of taken) this.#allocator.release(protocol, address, port);
  }

  async #publish(wanted: PortRequest): Promise<void> {
    const { protocol, containerPort, hostAddress } = wanted;
    const random = wanted.hostPorts === null;
    for (;;) {
      const port = this.#allocator.take(wanted);
      this.#taken.push({ protocol, address: hostAddress, port });
      const before = { proxies: this.#proxies.length, listeners: this.#listeners.length };
      try {
        const listed = [];
        for (const address of hostAddress === "" ? ["0.0.0.0", "::"] : [hostAddress]) {
          if (await this.#listen({ protocol, address, port, containerPort })) {
            listed.push({ HostIp: address, HostPort: String(port) });
          }
        }
        const key = `${containerPort}/${protocol}`;
        this.#bindings.set(key, [...(this.#bindings.get(key) ?? []), ...listed]);
        return;
      } catch (error) {
        // Somebody else in the namespace has that one: a random port is as good as the next.
        if (random && hasErrno(error, "EADDRINUSE")) {
          for (const proxy of this.#proxies.splice(before.proxies)) proxy.close();
          for (const { fd } of this.#listeners.splice(before.listeners)) closeSync(fd);
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
  async #listen(at: {
    readonly protocol: Protocol;
    readonly address: string;
    readonly port: number;
    readonly containerPort: number;
  }): Promise<boolean> {
    const { protocol, address, port, containerPort } = at;
    const ipv6 = address.includes(":");
    const target = (): { host: string; port: number } => ({ host: this.#target, port: containerPort });
    const open = async (where: ListenAt): Promise<void> => {
      if (protocol === "udp") this.#proxies.push(await proxyUdp({ ...where, ipv6 }, target));
      else this.#listeners.push({ fd: "fd" in where ? where.fd : listeningSocket(where.host, where.port), containerPort });
    };
    try {
      if (this.#host === null) await open({ host: address, port });
      else {
        await open({ fd: this.#host.bind(protocol, address, port) });
        // The engine may not have that address, or something of its own there.
        await open({ host: address, port }).catch(() => undefined);
      }
      return true;
    } catch (error) {
      if (address === "::" && (hasErrno(error, "EAFNOSUPPORT") || hasErrno(error, "EADDRNOTAVAIL"))) return false;
      throw error;
    }
  }
}

/** Refuses more ports than the engine may have sockets for, of which others need some, too. @throws Error with the end of Docker's text. */
function checkDescriptors(requests: readonly PortRequest[]): void {
  if (requests.length < AT_A_STRETCH) return;
  const needed = requests.reduce((sum, { hostAddress }) => sum + (hostAddress === "" ? 2 : 1), 0);
  const [, most = "0"] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  const free = Math.max(0, Number(most) - readdirSync("/proc/self/fd").length - KEPT_FOR_OTHERS);
  if (needed <= free) return;
  throw new Error(
    `Error starting userland proxy: ${requests.length} ports need ${needed} sockets, of which this engine may have ${free} more: too many open files`,
  );
}

function reasonOf(error: unknown): string {
  if (hasErrno(error, "EADDRINUSE")) return "address already in use";
  if (hasErrno(error, "EADDRNOTAVAIL")) return "cannot assign requested address";
  if (hasErrno(error, "EACCES")) return "permission denied";
  if (hasErrno(error, "EMFILE") || hasErrno(error, "ENFILE")) return "too many open files";
  return String(error);
}
