import { closeSync } from "node:fs";
import { cFunction } from "./libc.ts";

const AF_INET = 2;
const TYPE = { tcp: 1, udp: 2 } as const;
const NONBLOCK_CLOEXEC = 0x80800;

const socket = cFunction("socket", "int", ["int", "int", "int"]);
const bind = cFunction("bind", "int", ["int", "const uint8_t *", "unsigned int"]);

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
