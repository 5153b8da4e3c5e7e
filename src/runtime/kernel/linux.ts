import { constants as osConstants } from "node:os";
import type { Kernel } from "./kernel.ts";
import { cFunction, systemError } from "./libc.ts";
import { syscallNumber } from "./syscall-numbers.ts";

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const MNT_DETACH = 2;

const mount = cFunction("mount", "int", ["str", "str", "str", "unsigned long", "str"]);
const umount2 = cFunction("umount2", "int", ["str", "int"]);
// mknod(3) is a symbol of glibc only since 2.33.
const syscallMknodat = cFunction("syscall", "long", ["long", "long", "str", "long", "long"]);
const lsetxattr = cFunction("lsetxattr", "int", ["str", "str", "uint8_t *", "size_t", "int"]);
const lgetxattr = cFunction("lgetxattr", "long", ["str", "str", "uint8_t *", "size_t"]);
const llistxattr = cFunction("llistxattr", "long", ["str", "uint8_t *", "size_t"]);
const lremovexattr = cFunction("lremovexattr", "int", ["str", "str"]);
const utimensat = cFunction("utimensat", "int", ["int", "str", "uint8_t *", "int"]);

const syscallOpenat2 = cFunction("syscall", "long", ["long", "long", "str", "uint8_t *", "size_t"]);
const O_PATH = 0o10000000;
const O_CLOEXEC = 0o2000000;
const RESOLVE_NO_MAGICLINKS = 2;
const RESOLVE_BENEATH = 8;
/** Something was renamed below while `..` was followed. */
const MOVED_ATTEMPTS = 128;

const flock = cFunction("flock", "int", ["int", "int"]);
const LOCK_EX = 2;
const LOCK_NB = 4;

const lseek = cFunction("lseek", "int64_t", ["int", "int64_t", "int"]);
const SEEK_DATA = 3;
const SEEK_HOLE = 4;

/** `Kernel` by the C library of this process. Making one costs nothing; the first call loads the FFI. */
export class LinuxKernel implements Kernel {
  mount(source: string, target: string, type: string | null, flags: number, data: string | null): void {
    try {
      mount(source, target, type, flags, data);
    } catch (error) {
      throw naming(error, target);
    }
  }

  unmount(target: string, options: { readonly detach?: boolean } = {}): void {
    umount2(target, options.detach === true ? MNT_DETACH : 0);
  }

  mknod(path: string, mode: number, major: number, minor: number): void {
    try {
      syscallMknodat(syscallNumber("mknodat"), AT_FDCWD, path, mode, deviceNumber(major, minor));
    } catch (error) {
      throw naming(error, path, "mknod");
    }
  }

  setXattr(path: string, name: string, value: Uint8Array): void {
    lsetxattr(path, name, value, value.length, 0);
  }

  getXattr(path: string, name: string): Uint8Array | null {
    try {
      return readGrowing((buffer) => lgetxattr(path, name, buffer, buffer.length));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENODATA") return null;
      throw error;
    }
  }

  listXattrs(path: string): readonly string[] {
    const names = readGrowing((buffer) => llistxattr(path, buffer, buffer.length));
    if (names.length === 0) return [];
    return Buffer.from(names).toString().split("\0").slice(0, -1);
  }

  removeXattr(path: string, name: string): void {
    lremovexattr(path, name);
  }

  setTimes(path: string, atimeNs: bigint, mtimeNs: bigint): void {
    const times = Buffer.alloc(32);
    for (const [index, ns] of [atimeNs, mtimeNs].entries()) {
      // Nanoseconds count upwards also before 1970.
      const fraction = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
      times.writeBigInt64LE((ns - fraction) / 1_000_000_000n, index * 16);
      times.writeBigInt64LE(fraction, index * 16 + 8);
    }
    utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
  }

  lockFile(fd: number): boolean {
    try {
      flock(fd, LOCK_EX | LOCK_NB);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      throw error;
    }
  }

  dataRanges(fd: number, size: number): readonly { readonly offset: number; readonly length: number }[] {
    const ranges: { offset: number; length: number }[] = [];
    for (let end = 0; end < size;) {
      let offset: number;
      try {
        offset = lseek(fd, end, SEEK_DATA);
      } catch (error) {
        // Nothing but a hole is left.
        if ((error as NodeJS.ErrnoException).code === "ENXIO") break;
        throw error;
      }
      if (offset >= size) break;
      end = Math.min(lseek(fd, offset, SEEK_HOLE), size);
      ranges.push({ offset, length: end - offset });
    }
    return ranges;
  }

  openBeneath(folder: number, path: string): number {
    if (path.includes("\0")) throw systemError(osConstants.errno.EINVAL, "openat2", path);
    const how = Buffer.alloc(24);
    how.writeBigUInt64LE(BigInt(O_PATH | O_CLOEXEC), 0);
    how.writeBigUInt64LE(BigInt(RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH), 16);
    for (let attempt = 1; ; attempt++) {
      try {
        return syscallOpenat2(syscallNumber("openat2"), folder, path, how, how.length);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || attempt === MOVED_ATTEMPTS) throw naming(error, path, "openat2");
      }
    }
  }

  kill(pid: number, signal: number): void {
    process.kill(pid, signal);
  }
}

/** dev_t as the kernel's `new_encode_dev`. */
function deviceNumber(major: number, minor: number): number {
  return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xff) << 12);
}

/** Most attributes fit, and most files have none: a buffer a file would be what takes longest. */
const firstRead = new Uint8Array(256);

/** Calls `read` with a larger buffer as long as it answers ERANGE. */
function readGrowing(read: (buffer: Uint8Array) => number): Uint8Array {
  for (let size = firstRead.length; ; size *= 8) {
    const buffer = size === firstRead.length ? firstRead : new Uint8Array(size);
    try {
      return buffer.slice(0, read(buffer));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERANGE" || size > 65_536) throw error;
    }
  }
}

function naming(error: unknown, path: string, syscall?: string): unknown {
  const { errno, syscall: called } = error as NodeJS.ErrnoException;
  return errno === undefined ? error : systemError(-errno, syscall ?? called ?? "syscall", path);
}
