import { closeSync } from "node:fs";
import type { Interface, NetworkDevices } from "./network-devices.ts";

/** After a container has got its network this long is waited before the next is made, in milliseconds: its start comes first. */
const PAUSE = 50;

/** A namespace with an interface that is up on a bridge, but has no address yet. */
export interface PreparedNetwork {
  readonly namespaceFd: number;
  readonly device: Interface;
}

/** Namespaces made ahead, one for each of the bridges that were used last, so that a container waits neither for the kernel nor for its bridge. */
export class PreparedNetworks {
  readonly #devices: NetworkDevices;
  readonly #ready = new Map<string, PreparedNetwork>();
  readonly #limit: number;

  constructor(devices: NetworkDevices, limit = 2) {
    this.#devices = devices;
    this.#limit = limit;
  }

  /** What is ready for a bridge, if it is; the next is made soon. */
  take(bridge: string): PreparedNetwork | null {
    const ready = this.#ready.get(bridge) ?? null;
    this.#ready.delete(bridge);
    this.prepareSoon(bridge);
    return ready;
  }

  prepareSoon(bridge: string): void {
    setTimeout(() => this.#prepare(bridge), PAUSE).unref();
  }

  /** Nobody will ask for that one again. */
  forget(bridge: string): void {
    const ready = this.#ready.get(bridge);
    this.#ready.delete(bridge);
    if (ready !== undefined) closeSync(ready.namespaceFd);
  }

  #prepare(bridge: string): void {
    if (this.#ready.has(bridge) || !this.#devices.hasBridge(bridge)) return;
    const [oldest] = this.#ready.keys();
    if (oldest !== undefined && this.#ready.size >= this.#limit) this.forget(oldest);
    try {
      const namespaceFd = this.#devices.makeNamespace({});
      try {
        this.#ready.set(bridge, { namespaceFd, device: this.#devices.plug({ namespaceFd, bridge, name: "eth0" }) });
      } catch (error) {
        closeSync(namespaceFd);
        throw error;
      }
    } catch (error) {
      // The container that needs it will make it, and tell what prevents that.
      process.stderr.write(`slipway: preparing a network: ${String(error)}\n`);
    }
  }
}
