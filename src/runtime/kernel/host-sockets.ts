import { createRequire } from "node:module";
import { cFunction, systemError } from "./libc.ts";

const F_SETFD = 2;
const CMSG_CLOEXEC = 0x40000000;
/** Where the descriptor stands in a control message of one: behind struct cmsghdr (cmsg(3)). */
const DESCRIPTOR = 16;

type Receive = (fd: number, message: object, flags: number) => number | bigint;

/**
 * Sockets on the host, for an engine that has a network of its own: asks launch/gateway.pl, which stayed there, on a connected descriptor.
 * A socket belongs for ever to the network it was made in, whoever holds it.
 */
export class HostSockets {
  readonly #fd: number;
  #receive: Receive | undefined;

  constructor(fd: number) {
    this.#fd = fd;
    // No child of ours may ask.
    cFunction("fcntl", "int", ["int", "int", "int"])(fd, F_SETFD, 1);
  }

  /** A socket bound to a host's address, for tcp also listening, as an fd that Node takes. It waits for the answer, less than a millisecond. @throws as bind(2). */
  bind(protocol: "tcp" | "udp", address: string, port: number): number {
    const request = Buffer.from(`${protocol} ${address} ${port}`);
    cFunction("write", "int64_t", ["int", "const uint8_t *", "size_t"])(this.#fd, request, request.length);
    const [data, control] = [Buffer.alloc(16), Buffer.alloc(32)];
    const message = {
      name: null,
      namelen: 0,
      iov: { base: data, len: data.length },
      iovlen: 1,
      control,
      controllen: control.length,
      flags: 0,
    };
    const length = Number(this.#recvmsg()(this.#fd, message, CMSG_CLOEXEC));
    const errno = Number(data.toString("latin1", 0, Math.max(length, 0)));
    if (length <= 0) throw new Error("nobody opens ports on the host any more");
    if (errno !== 0) throw systemError(errno, "bind", `${address}:${port}`);
    return control.readInt32LE(DESCRIPTOR);
  }

  #recvmsg(): Receive {
    if (this.#receive !== undefined) return this.#receive;
    const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
    const vector = koffi.struct({ base: "void *", len: "size_t" });
    const header = koffi.struct({
      name: "void *",
      namelen: "uint32_t",
      iov: koffi.pointer(vector),
      iovlen: "size_t",
      control: "void *",
      controllen: "size_t",
      flags: "int",
    });
    this.#receive = koffi.load(null).func("recvmsg", "int64_t", ["int", koffi.inout(koffi.pointer(header)), "int"]) as Receive;
    return this.#receive;
  }
}
