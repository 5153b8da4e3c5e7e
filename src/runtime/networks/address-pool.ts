import { ForbiddenError, InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import { contains, sizeOf, type Subnet, toAddress, toNumber } from "./ipv4.ts";

/** The addresses of one network: the lowest free one is handed out, as Docker does, so that a lone container always has `.2`. */
export class AddressPool {
  readonly #subnet: Subnet;
  readonly #of: string;
  readonly #range: Subnet;
  readonly #taken = new Set<number>();

  /** `range`, when given, is the part of the subnet that addresses are handed out of; `of` names the network in errors. */
  constructor(options: {
    readonly subnet: Subnet;
    readonly gateway: string;
    readonly range?: Subnet | null;
    readonly of: string;
    readonly reserved?: readonly string[];
  }) {
    this.#subnet = options.subnet;
    this.#of = options.of;
    this.#range = options.range ?? options.subnet;
    const { base, prefixLength } = options.subnet;
    this.#taken.add(base);
    this.#taken.add(base + sizeOf(prefixLength) - 1);
    for (const address of [options.gateway, ...(options.reserved ?? [])]) this.#taken.add(toNumber(address));
  }

  /** @throws InvalidArgumentError outside the subnet, ForbiddenError when taken, NotFoundError when none is left. */
  take(wanted?: string): string {
    if (wanted === undefined) return this.#takeLowest();
    if (!contains(this.#subnet, wanted)) {
      throw new InvalidArgumentError(`Invalid address ${wanted}: It does not belong to any of this network's subnets`);
    }
    if (this.#taken.has(toNumber(wanted))) throw new ForbiddenError("Address already in use");
    this.#taken.add(toNumber(wanted));
    return wanted;
  }

  release(address: string): void {
    this.#taken.delete(toNumber(address));
  }

  #takeLowest(): string {
    const end = this.#range.base + sizeOf(this.#range.prefixLength);
    for (let number = this.#range.base; number < end; number++) {
      if (this.#taken.has(number)) continue;
      this.#taken.add(number);
      return toAddress(number);
    }
    throw new NotFoundError(`no available IPv4 addresses on this network's address pools: ${this.#of}`);
  }
}
