import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { cFunction, ioctl } from "./libc.ts";

const TIOCSPTLCK = 0x40045431;
const TIOCGPTN = 0x80045430;
const TIOCSWINSZ = 0x5414;
const O_CLOEXEC = 0o2000000;

const pipe2 = cFunction("pipe2", "int", ["uint8_t *", "int"]);

/** Opens a new terminal of the devpts mounted at `devpts`: the master's descriptor, and N of the slave `devpts/N`. */
export function openTerminal(devpts: string): { readonly master: number; readonly number: number } {
  const master = openSync(join(devpts, "ptmx"), constants.O_RDWR | constants.O_NOCTTY);
  try {
    const value = Buffer.alloc(4);
    ioctl(master, TIOCSPTLCK, value);
    ioctl(master, TIOCGPTN, value);
    return { master, number: value.readUInt32LE() };
  } catch (error) {
    closeSync(master);
    throw error;
  }
}

/** Sets the window size of the terminal with this master; the foreground process group gets SIGWINCH. */
export function setWindowSize(master: number, size: { readonly height: number; readonly width: number }): void {
  const winsize = Buffer.alloc(8);
  winsize.writeUInt16LE(Math.min(size.height, 0xffff), 0);
  winsize.writeUInt16LE(Math.min(size.width, 0xffff), 2);
  ioctl(master, TIOCSWINSZ, winsize);
}

/** A pipe, both ends close-on-exec. Node's own are sockets, which /dev/stdout cannot open by name. */
export function openPipe(): { readonly read: number; readonly write: number } {
  const ends = Buffer.alloc(8);
  pipe2(ends, O_CLOEXEC);
  return { read: ends.readInt32LE(0), write: ends.readInt32LE(4) };
}
