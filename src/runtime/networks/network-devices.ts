import { closeSync, readFileSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { reasonOf, SetupError } from "../../base/errors.ts";
import { inNamespaces, newNetworkNamespace } from "../kernel/namespaces.ts";
import {
  address,
  bridge,
  defaultRoute,
  deleteDefaultRoute,
  deleteLink,
  disableBridgePort,
  findLink,
  isolateBridgePort,
  refuseForwarding,
  setMac,
  setUp,
  veth,
} from "../kernel/netlink/links.ts";
import { NetlinkSocket } from "../kernel/netlink/socket.ts";
import { type BridgeOptions, bridgeOptions } from "./bridge-options.ts";
import { keepFromUplink, openUplink, type Uplink } from "./uplink.ts";
import { type InterfaceCounters, parseCounters } from "./interface-counters.ts";

const LOOPBACK = 1;
/** Of 169.254.0.0. */
const LINK_LOCAL_PREFIX = 16;

/** A container's interface on a bridge. */
export interface Interface {
  /** In the container: `eth0`. */
  readonly name: string;
  /** The other end, in the engine's namespace. */
  readonly hostName: string;
  readonly bridge: string;
}

/**
 * The devices of a root's networks: bridges in the engine's network namespace, and namespaces for containers with one end of a veth pair.
 * Synchronous; a container's set-up takes a few milliseconds.
 */
export class NetworkDevices {
  #netlink: NetlinkSocket | undefined;
  readonly #bridges = new Map<string, BridgeOptions>();
  #uplink: Uplink;

  constructor(uplink: Uplink) {
    this.#uplink = uplink;
  }

  /** Readies the engine's own namespace: loopback up, nothing routed between networks. Done by the first that needs it. */
  #own(): NetlinkSocket {
    if (this.#netlink !== undefined) return this.#netlink;
    const netlink = new NetlinkSocket();
    netlink.request("bring up lo", setUp(LOOPBACK));
    writeSysctl("net.ipv6.conf.default.disable_ipv6", "1");
    // With forwarding on and this rule, a container that reaches for what is not there hears so at once; with forwarding off it would wait.
    try {
      netlink.request("refuse forwarding", refuseForwarding(100));
      writeSysctl("net.ipv4.ip_forward", "1");
      writeSysctl("net.ipv4.icmp_ratelimit", "0");
    } catch {
      writeSysctl("net.ipv4.ip_forward", "0");
    }
    this.#uplink = openUplink(netlink, this.#uplink);
    this.#netlink = netlink;
    return netlink;
  }

  /** What leads out of the engine's namespace. */
  get uplink(): Uplink {
    this.#own();
    return this.#uplink;
  }

  ensureBridge(options: BridgeOptions & { readonly name: string; readonly gateway: string; readonly prefixLength: number }): void {
    if (this.#bridges.has(options.name)) return;
    const { mtu } = options;
    const netlink = this.#own();
    const random = [...randomBytes(4)].map((byte) => byte.toString(16).padStart(2, "0"));
    netlink.request(`make bridge ${options.name}`, bridge({ name: options.name, mac: ["02", "42", ...random].join(":"), mtu }));
    this.#bridges.set(options.name, options);
    const { index } = this.#link(options.name);
    netlink.request(`give ${options.name} its address`, address({ index, address: options.gateway, prefixLength: options.prefixLength }));
    if (this.#uplink.kind !== "none") keepFromUplink(netlink, options);
  }

  hasBridge(name: string): boolean {
    return this.#bridges.has(name);
  }

  removeBridge(name: string): void {
    if (!this.#bridges.delete(name)) return;
    this.#own().request(`remove bridge ${name}`, deleteLink(name));
  }

  /** A namespace with loopback up and Docker's settings, then `sysctls`; the fd keeps it. @throws SetupError for a bad one of `sysctls`. */
  makeNamespace(sysctls: Readonly<Record<string, string>>): number {
    const fd = newNetworkNamespace();
    try {
      inNamespaces({ net: { fd } }, () => {
        using netlink = new NetlinkSocket();
        for (const [name, value] of Object.entries(dockerSysctls)) writeSysctl(name, value);
        netlink.request("bring up lo", setUp(LOOPBACK));
        for (const [name, value] of Object.entries(sysctls)) {
          if (name.startsWith("net.")) setSysctl(name, value);
        }
      });
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Puts an interface called `name` into the namespace and onto the bridge, up; `give` then gives it its address. */
  plug({ namespaceFd, bridge: on, name }: { readonly namespaceFd: number; readonly bridge: string; readonly name: string }): Interface {
    const hostName = `veth${randomBytes(4).toString("hex").slice(0, 7)}`;
    const master = this.#link(on).index;
    const { mtu, isolated } = this.#bridges.get(on) ?? bridgeOptions({});
    this.#own().request(`make ${hostName}`, veth({ name: hostName, master, mtu, peer: { name, namespaceFd } }));
    if (isolated) this.#own().request(`isolate ${hostName}`, isolateBridgePort(this.#link(hostName).index));
    inNamespaces({ net: { fd: namespaceFd } }, () => {
      using netlink = new NetlinkSocket();
      netlink.request(`set up ${name}`, setUp(indexOf(netlink, name)));
    });
    return { name, hostName, bridge: on };
  }

  /** Gives an interface its addresses. */
  give(
    namespaceFd: number,
    name: string,
    options: { readonly mac: string; readonly address: string; readonly prefixLength: number; readonly linkLocal: readonly string[] },
  ): void {
    inNamespaces({ net: { fd: namespaceFd } }, () => {
      using netlink = new NetlinkSocket();
      const index = indexOf(netlink, name);
      netlink.request(
        `give ${name} its address`,
        setMac(index, options.mac),
        address({ index, address: options.address, prefixLength: options.prefixLength }),
        ...options.linkLocal.map((own) => address({ index, address: own, prefixLength: LINK_LOCAL_PREFIX })),
      );
    });
  }

  /**
   * Resolves when frames pass between it and its bridge. The kernel takes its time to tell the bridge that the container's end is up, and the
   * bridge that it has a port again; what is sent before is lost, and TCP tries again only after a second.
   */
  async ready(device: Interface): Promise<void> {
    const names = [device.hostName, device.bridge];
    for (let tries = 0; tries < 500; tries++) {
      if (names.every((name) => findLink(this.#own(), name)?.operational !== false)) return;
      await setTimeout(1);
    }
  }

  /** Makes `gateway` by the interface called `name` the default route, in place of what was; null for none. */
  route(namespaceFd: number, target: { readonly name: string; readonly gateway: string } | null): void {
    inNamespaces({ net: { fd: namespaceFd } }, () => {
      using netlink = new NetlinkSocket();
      try {
        netlink.request("forget the default route", deleteDefaultRoute());
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
      if (target === null) return;
      netlink.request("set the default route", defaultRoute({ index: indexOf(netlink, target.name), gateway: target.gateway }));
    });
  }

  /** What went through the interfaces of a namespace, other than loopback. */
  counters(namespaceFd: number): Readonly<Record<string, InterfaceCounters>> {
    return parseCounters(inNamespaces({ net: { fd: namespaceFd } }, () => readFileSync("/proc/thread-self/net/dev", "utf8")));
  }

  /** Takes an interface away from a namespace that lives on. */
  unplug(device: Interface): void {
    this.#own().request(`remove ${device.hostName}`, deleteLink(device.hostName));
  }

  /** Lets go of a namespace whose processes have ended; the kernel removes what is in it. */
  drop(namespaceFd: number, devices: readonly Interface[]): void {
    for (const { hostName } of devices) {
      const link = findLink(this.#own(), hostName);
      if (link !== null) this.#own().request(`silence ${hostName}`, disableBridgePort(link.index));
    }
    closeSync(namespaceFd);
  }

  #link(name: string): { readonly index: number } {
    return { index: indexOf(this.#own(), name) };
  }
}

/** What Docker sets in every container's namespace. */
const dockerSysctls = {
  "net.ipv6.conf.all.disable_ipv6": "1",
  "net.ipv6.conf.default.disable_ipv6": "1",
  "net.ipv4.ip_unprivileged_port_start": "0",
  // Refused where the namespace has fewer groups than that; then root alone may ping.
  "net.ipv4.ping_group_range": "0 2147483647",
};

function indexOf(netlink: NetlinkSocket, name: string): number {
  const link = findLink(netlink, name);
  if (link === null) throw new Error(`there is no interface ${name}`);
  return link.index;
}

/** Sets what this kernel has and lets us set. */
function writeSysctl(name: string, value: string): void {
  try {
    writeFileSync(sysctlPath(name), value);
  } catch {
    // A kernel without IPv6, or a read-only /proc/sys: the default then stands.
  }
}

/** Sets what was asked for. */
function setSysctl(name: string, value: string): void {
  try {
    writeFileSync(sysctlPath(name), value);
  } catch (error) {
    const { syscall = "write" } = error as NodeJS.ErrnoException;
    throw new SetupError(`${syscall} ${sysctlPath(name)}: ${reasonOf(error)}`, { cause: error });
  }
}

/** /proc/sys/net shows the namespace of the thread that opens it. */
function sysctlPath(name: string): string {
  return `/proc/sys/${name.replaceAll(".", "/")}`;
}
