import { chmod, constants, copyFile, lchown, lstat, mkdir, readdir, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Kernel } from "../../kernel/kernel.ts";

/** Copies what is in `from` into the directory `to`, with owners, modes, times and extended attributes, and gives `to` those of `from`. */
export async function copyTree(kernel: Kernel, from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await copyEntry(kernel, join(from, name), join(to, name));
  await copyAttributes(kernel, from, to);
}

async function copyEntry(kernel: Kernel, from: string, to: string): Promise<void> {
  const stat = await lstat(from);
  if (stat.isDirectory()) {
    await mkdir(to, { recursive: true });
    await copyTree(kernel, from, to);
    return;
  }
  if (stat.isSocket()) return;
  if (stat.isSymbolicLink()) await symlink(await readlink(from), to);
  else if (stat.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE);
  else kernel.mknod(to, stat.mode, stat.rdev >> 8, stat.rdev & 0xff);
  await copyAttributes(kernel, from, to);
}

async function copyAttributes(kernel: Kernel, from: string, to: string): Promise<void> {
  const stat = await lstat(from, { bigint: true });
  await lchown(to, Number(stat.uid), Number(stat.gid));
  if (!stat.isSymbolicLink()) await chmod(to, Number(stat.mode) & 0o7777);
  for (const name of kernel.listXattrs(from)) {
    // The overlay's own marks belong to the snapshot, not to the file.
    if (name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.")) continue;
    const value = kernel.getXattr(from, name);
    if (value) kernel.setXattr(to, name, value);
  }
  kernel.setTimes(to, stat.atimeNs, stat.mtimeNs);
}
