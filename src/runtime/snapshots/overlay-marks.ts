import type { BigIntStats, Stats } from "node:fs";
import { hasErrno } from "../../base/errors.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** Of an overlay that is mounted with `userxattr`, as it must be in a user namespace. */
const opaqueXattr = "user.overlay.opaque";

const S_IFCHR = 0o020000;

/** Whether this is overlayfs's whiteout: a character device 0/0. */
export function isWhiteout(stats: Stats | BigIntStats): boolean {
  return stats.isCharacterDevice() && Number(stats.rdev) === 0;
}

/** Hides what lower layers have under this path. */
export function makeWhiteout(kernel: Kernel, path: string): void {
  kernel.mknod(path, S_IFCHR, 0, 0);
}

/** Hides everything that lower layers have in this directory. */
export function setOpaque(kernel: Kernel, directory: string): void {
  kernel.setXattr(directory, opaqueXattr, Buffer.from("y"));
}

export function isOpaque(kernel: Kernel, directory: string): boolean {
  try {
    const value = kernel.getXattr(directory, opaqueXattr);
    return value !== null && Buffer.from(value).toString() === "y";
  } catch (error) {
    // A running container has removed it meanwhile.
    if (hasErrno(error, "ENOENT")) return false;
    throw error;
  }
}
