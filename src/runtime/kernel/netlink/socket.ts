import { closeSync } from "node:fs";
import { cFunction, systemError } from "../libc.ts";
import { decodeMessages, encodeRequest, type NetlinkMessage, type NetlinkRequest } from "./message.ts";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 0x80003;
const MSG_DONTWAIT = 0x40;
const ERROR = 2;

const socket = cFunction("socket", "int", ["int", "int", "int"]);
const send = cFunction("send", "long", ["int", "const uint8_t *", "unsigned long", "int"]);
const recv = cFunction("recv", "long", ["int", "uint8_t *", "unsigned long", "int"]);

/**
 * A route netlink socket of the network namespace that this thread is in when it is made; it stays with that namespace.
 * Requests are synchronous and short: the kernel has answered by the time send(2) returns.
 */
export class NetlinkSocket implements Disposable {
  readonly #fd = socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
  #sequence = 0;

  /**
   * Sends requests in one datagram; the kernel carries them out in order, also those behind one that failed.
   * @returns what it answered apart from acknowledgements.
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

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
