import { open } from "node:fs/promises";
import { hasErrno } from "../base/errors.ts";

const PT_INTERP = 3;
const ELF64_LITTLE_ENDIAN = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);

/** e_machine, by `process.arch`. */
const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183, riscv64: 243, loong64: 258, ppc64: 21, s390x: 22 };

/** Whether `file` is a program of this machine that needs no dynamic loader, so that it runs alone in a container. */
export async function isStaticBinary(file: string): Promise<boolean> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, "r");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP"].some((code) => hasErrno(error, code))) return false;
    throw error;
  }
  try {
    const { buffer: header, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    if (bytesRead < 64 || !header.subarray(0, 6).equals(ELF64_LITTLE_ENDIAN)) return false;
    if (header.readUInt16LE(18) !== machines[process.arch]) return false;
    const [offset, size, count] = [Number(header.readBigUInt64LE(32)), header.readUInt16LE(54), header.readUInt16LE(56)];
    const table = Buffer.alloc(size * count);
    await handle.read(table, 0, table.length, offset);
    for (let at = 0; at + 4 <= table.length; at += size) if (table.readUInt32LE(at) === PT_INTERP) return false;
    return true;
  } finally {
    await handle.close();
  }
}
