/**
 * The one door to Linux: nobody else calls the system, apart from Node's own `fs`, `net` and `child_process`.
 * Calls are synchronous, as the system's are; each throws an Error with `code` (`"EBUSY"`), `errno` and `syscall`, as Node's do.
 */
export interface Kernel {
  /** mount(2). `flags` of `mountFlags`; `data` such as `lowerdir=…`. */
  mount(source: string, target: string, type: string | null, flags: number, data: string | null): void;
  /** umount2(2); `detach` is MNT_DETACH. */
  unmount(target: string, options?: { readonly detach?: boolean }): void;
  /** mknod(2) with S_IFCHR or S_IFBLK or S_IFIFO in `mode`. Device 0/0 makes an overlay whiteout, which needs no privilege. */
  mknod(path: string, mode: number, major: number, minor: number): void;
  /** lsetxattr(2), lgetxattr(2), llistxattr(2), lremovexattr(2): of the file itself, never of a link's target. */
  setXattr(path: string, name: string, value: Uint8Array): void;
  /** null when there is no such attribute. */
  getXattr(path: string, name: string): Uint8Array | null;
  listXattrs(path: string): readonly string[];
  removeXattr(path: string, name: string): void;
  /** utimensat(2) of the file itself, in nanoseconds since the epoch. */
  setTimes(path: string, atimeNs: bigint, mtimeNs: bigint): void;
  /** flock(2), exclusive; false when somebody else has it. It goes with the descriptor. */
  lockFile(fd: number): boolean;
  /** lseek(2) with SEEK_DATA and SEEK_HOLE: where an open file of `size` bytes has any, in order; between them are holes. */
  dataRanges(fd: number, size: number): readonly { readonly offset: number; readonly length: number }[];
  /**
   * openat2(2) with O_PATH: what `path` leads to below the folder that is open as `folder`, and never outside of it, whatever links say and whoever
   * swaps them meanwhile: EXDEV. The caller closes the descriptor.
   */
  openBeneath(folder: number, path: string): number;
  /** kill(2) */
  kill(pid: number, signal: number): void;
}

/** mount(2)'s flags. */
export const mountFlags = {
  readonly: 0x1,
  nosuid: 0x2,
  nodev: 0x4,
  noexec: 0x8,
  remount: 0x20,
  noatime: 0x400,
  bind: 0x1000,
  rec: 0x4000,
  private: 0x40000,
  slave: 0x80000,
  relatime: 0x200000,
} as const;
