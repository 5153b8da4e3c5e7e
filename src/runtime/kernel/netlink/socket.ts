import { closeSync } from "node:fs";
import { cFunction, systemError } from "../libc.ts";
import { decodeMessages, encodeBatch, encodeRequest, type NetlinkMessage, type NetlinkRequest } from "./message.ts";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 0x80003;
const MSG_DONTWAIT = 0x40;
const ERROR = 2;
const DONE = 3;

const socket = cFunction("socket", "int", ["int", "int", "int"]);
const send = cFunction("send", "long", ["int", "const uint8_t *", "unsigned long", "int"]);
const recv = cFunction("recv", "long", ["int", "uint8_t *", "unsigned long", "int"]);

/** netlink(7)'s families: what a socket speaks with the kernel of. */
export const NETLINK = { route: 0, netfilter: 12 } as const;

/**
 * A netlink socket of the network namespace that this thread is in when it is made; it stays with that namespace.
 * Requests are synchronous and short: the kernel has answered by the time send(2) returns.
 */
export class NetlinkSocket implements Disposable {
  readonly #fd: number;
  #sequence = 0;

  constructor(family: number = NETLINK.route) {
    this.#fd = socket(AF_NETLINK, SOCK_RAW_CLOEXEC, family);
  }

  /**
   * Sends requests in one datagram; the kernel carries them out in order, also those behind one that failed.
   * @returns what it answered apart from acknowledgements; of a request for a list (NLM_F_DUMP) the whole list.
   * @throws the first failure as a system error (`EEXIST`, `EPERM`, …) whose `syscall` is `what`.
   */
  request(what: string, ...requests: readonly NetlinkRequest[]): readonly NetlinkMessage[] {
    const first = this.#sequence + 1;
    const data = Buffer.concat(requests.map((request) => encodeRequest(request, ++this.#sequence)));
    send(this.#fd, data, data.length, 0);
    const pending = new Set(requests.map((_, index) => first + index));
    const replies: NetlinkMessage[] = [];
    let failure: Error | undefined;
    const buffer = Buffer.alloc(16384);
    while (pending.size > 0) {
      const size = recv(this.#fd, buffer, buffer.length, MSG_DONTWAIT);
      for (const message of decodeMessages(Buffer.from(buffer.subarray(0, size)))) {
        if (!pending.has(message.sequence)) continue;
        if (message.type === DONE) {
          pending.delete(message.sequence);
          continue;
        }
        if (message.type !== ERROR) {
          replies.push(message);
          continue;
        }
        pending.delete(message.sequence);
        const errno = -message.payload.readInt32LE(0);
        if (errno !== 0) failure ??= systemError(errno, what);
      }
    }
    if (failure !== undefined) throw failure;
    return replies;
  }

  /**
   * Sends requests to a subsystem of netfilter, which carries out all or none.
   * @throws the first failure as a system error whose `syscall` is `what`.
   */
  batch(what: string, subsystem: number, ...requests: readonly NetlinkRequest[]): void {
    const data = encodeBatch(subsystem, requests, this.#sequence + 1);
    this.#sequence += requests.length;
    send(this.#fd, data, data.length, 0);
    let failure: Error | undefined;
    for (let answer = this.#received(); answer !== null; answer = this.#received()) {
      for (const { type, payload } of decodeMessages(answer)) {
        const errno = type === ERROR ? -payload.readInt32LE(0) : 0;
        if (errno !== 0) failure ??= systemError(errno, what);
      }
    }
    if (failure !== undefined) throw failure;
  }

  /** What waits to be received; null when nothing does. */
  #received(): Buffer | null {
    const buffer = Buffer.alloc(16384);
    try {
      return Buffer.from(buffer.subarray(0, recv(this.#fd, buffer, buffer.length, MSG_DONTWAIT)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return null;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
