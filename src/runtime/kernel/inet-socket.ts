import { closeSync } from "node:fs";
import { cFunction } from "./libc.ts";

const AF_INET = 2;
const AF_INET6 = 10;
const [SOL_SOCKET, SO_REUSEADDR, IPPROTO_IPV6, IPV6_V6ONLY] = [1, 2, 41, 26];
const BACKLOG = 511;
const TYPE = { tcp: 1, udp: 2 } as const;
const NONBLOCK_CLOEXEC = 0x80800;

const socket = cFunction("socket", "int", ["int", "int", "int"]);
const bind = cFunction("bind", "int", ["int", "const uint8_t *", "unsigned int"]);
const listen = cFunction("listen", "int", ["int", "int"]);
const setsockopt = cFunction("setsockopt", "int", ["int", "int", "int", "const uint8_t *", "unsigned int"]);
const inetPton = cFunction("inet_pton", "int", ["int", "str", "uint8_t *"]);

/**
 * A socket bound to an IPv4 address in the network namespace that this thread is in, as an fd that Node takes
 * (`server.listen({ fd })`, `dgramSocket.bind({ fd })`). Node itself binds asynchronously, when the thread may be elsewhere.
 */
export function boundSocket(kind: "tcp" | "udp", address: string, port: number): number {
  const fd = socket(AF_INET, TYPE[kind] | NONBLOCK_CLOEXEC, 0);
  try {
    const name = Buffer.alloc(16);
    name.writeUInt16LE(AF_INET, 0);
    name.writeUInt16BE(port, 2);
    name.set(address.split(".").map(Number), 4);
    bind(fd, name, name.length);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A TCP socket that listens at an IPv4 or IPv6 address, that one alone, as an fd. @throws as socket(2), bind(2) and listen(2). */
export function listeningSocket(address: string, port: number): number {
  const six = address.includes(":");
  const fd = socket(six ? AF_INET6 : AF_INET, TYPE.tcp | NONBLOCK_CLOEXEC, 0);
  try {
    const yes = Buffer.from([1, 0, 0, 0]);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, yes, yes.length);
    if (six) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, yes, yes.length);
    const bytes = Buffer.alloc(six ? 16 : 4);
    if (inetPton(six ? AF_INET6 : AF_INET, address, bytes) !== 1) throw new Error(`${address} is no address`);
    const name = Buffer.alloc(six ? 28 : 16);
    name.writeUInt16LE(six ? AF_INET6 : AF_INET, 0);
    name.writeUInt16BE(port, 2);
    // An IPv6 address stands behind the flow label (ipv6(7)).
    name.set(bytes, six ? 8 : 4);
    bind(fd, name, name.length);
    listen(fd, BACKLOG);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
