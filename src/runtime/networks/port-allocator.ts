import type { PortRequest, Protocol } from "./port-requests.ts";

/** Where Docker takes random ports from: Linux's own range for outgoing connections. */
const EPHEMERAL = { first: 32768, last: 60999 };

/** Which published ports are taken, in one root. Random ports go up from the last one given, so that a freed one is not reused at once. */
export class PortAllocator {
  /** The addresses that each port is taken on, by `tcp/80`. */
  readonly #taken = new Map<string, readonly string[]>();
  #next = EPHEMERAL.first;

  /**
   * A host port for `request`.
   * @throws Error `Bind for 0.0.0.0:8002 failed: port is already allocated`, or `all ports are allocated` of a range.
   */
  take(request: PortRequest): number {
    const { hostPorts, protocol, hostAddress } = request;
    if (hostPorts === null || hostPorts.first === 0) return this.#takeRandom(request);
    for (let port = hostPorts.first; port <= hostPorts.last; port++) {
      if (this.#tryTake(protocol, hostAddress, port)) return port;
    }
    if (hostPorts.last > hostPorts.first) throw new Error("all ports are allocated");
    throw new Error(`Bind for ${hostAddress || "0.0.0.0"}:${hostPorts.first} failed: port is already allocated`);
  }

  release(protocol: Protocol, hostAddress: string, port: number): void {
    const key = `${protocol}/${port}`;
    const left = (this.#taken.get(key) ?? []).filter((address) => address !== hostAddress);
    if (left.length > 0) this.#taken.set(key, left);
    else this.#taken.delete(key);
  }

  #takeRandom({ protocol, hostAddress }: PortRequest): number {
    for (let tries = EPHEMERAL.first; tries <= EPHEMERAL.last; tries++) {
      const port = this.#next;
      this.#next = port === EPHEMERAL.last ? EPHEMERAL.first : port + 1;
      if (this.#tryTake(protocol, hostAddress, port)) return port;
    }
    throw new Error("all ports are allocated");
  }

  #tryTake(protocol: Protocol, hostAddress: string, port: number): boolean {
    const key = `${protocol}/${port}`;
    const taken = this.#taken.get(key) ?? [];
    // A port taken on every address is taken on each one, and the other way round.
    if (taken.some((address) => isEverywhere(hostAddress) || isEverywhere(address) || address === hostAddress)) return false;
    this.#taken.set(key, [...taken, hostAddress]);
    return true;
  }
}

function isEverywhere(address: string): boolean {
  return address === "" || address === "0.0.0.0" || address === "::";
}
