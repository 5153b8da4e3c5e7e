import {
  chmodSync,
  closeSync,
  constants,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Kernel } from "../../kernel/kernel.ts";
import { inRoot, openRoot } from "../../kernel/thread-root.ts";

interface Copy {
  readonly kernel: Kernel;
  /** Open directories; paths are of these roots. */
  readonly from: number;
  readonly to: number;
}

/**
 * Copies what is in `from` into the directory `to`, with owners, modes, times and extended attributes, and gives `to` those of `from`. A container may
 * have `to` already: no link that it makes there meanwhile leads anything out. @throws the system's error, EEXIST for what was not there before.
 */
export async function copyTree(kernel: Kernel, from: string, to: string): Promise<void> {
  const source = openRoot(from);
  try {
    const target = openRoot(to);
    try {
      await copyFolder({ kernel, from: source, to: target }, "/");
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

async function copyFolder(copy: Copy, path: string): Promise<void> {
  for (const name of inRoot(copy.from, () => readdirSync(path))) await copyEntry(copy, join(path, name));
  copyAttributes(copy, path);
}

async function copyEntry(copy: Copy, path: string): Promise<void> {
  const { kernel, from, to } = copy;
  const stat = inRoot(from, () => lstatSync(path));
  if (stat.isSocket()) return;
  if (stat.isDirectory()) {
    inRoot(to, () => mkdirSync(path, { recursive: true }));
    await copyFolder(copy, path);
    return;
  }
  if (stat.isSymbolicLink()) {
    const target = inRoot(from, () => readlinkSync(path));
    inRoot(to, () => symlinkSync(target, path));
  } else if (stat.isFile()) await copyContent(copy, path);
  else inRoot(to, () => kernel.mknod(path, stat.mode, stat.rdev >> 8, stat.rdev & 0xff));
  copyAttributes(copy, path);
}

async function copyContent({ from, to }: Copy, path: string): Promise<void> {
  const source = inRoot(from, () => openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW));
  try {
    const target = inRoot(to, () => openSync(path, "wx", 0o600));
    try {
      // By what is open, and not by names, which another thread would look for from another root.
      await copyFile(`/proc/self/fd/${source}`, `/proc/self/fd/${target}`, constants.COPYFILE_FICLONE);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function copyAttributes({ kernel, from, to }: Copy, path: string): void {
  const { stat, xattrs } = inRoot(from, () => ({
    stat: lstatSync(path, { bigint: true }),
    // The overlay's own marks belong to the snapshot, not to the file.
    xattrs: kernel
      .listXattrs(path)
      .filter((name) => !name.startsWith("trusted.overlay.") && !name.startsWith("user.overlay."))
      .map((name) => [name, kernel.getXattr(path, name)] as const),
  }));
  inRoot(to, () => {
    lchownSync(path, Number(stat.uid), Number(stat.gid));
    if (!stat.isSymbolicLink()) chmodSync(path, Number(stat.mode) & 0o7777);
    for (const [name, value] of xattrs) if (value) kernel.setXattr(path, name, value);
    kernel.setTimes(path, stat.atimeNs, stat.mtimeNs);
  });
}
