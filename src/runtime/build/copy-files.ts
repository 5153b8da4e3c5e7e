import {
  chmodSync,
  copyFileSync,
  createReadStream,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { chmod, constants, copyFile, lstat, mkdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasErrno, InvalidArgumentError } from "../../base/errors.ts";
import { TakingTurns } from "../../base/taking-turns.ts";
import { decompressed, compressionOf } from "../../oci/tar/decompress.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { applyTar } from "../snapshots/apply.ts";
import { isPortableXattr, ownerXattr } from "../snapshots/layer-xattrs.ts";
import type { BuildHost } from "./build-host.ts";
import { foldersAbove, type CopySource, type LeavesOut } from "./copy-sources.ts";
import type { ModeChange } from "./mode-change.ts";

export interface CopyOrder {
  /** The root of the new layer, mounted. */
  readonly root: string;
  /** Absolute; with a `/` at its end it is a directory. */
  readonly destination: string;
  /** Whose the copies are; null keeps the owners that they have. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** null keeps the modes that they have. */
  readonly mode: ModeChange | null;
  /** ADD: unpacks archives. */
  readonly unpacks: boolean;
  readonly leavesOut?: LeavesOut;
}

/** Copies sources into a layer as the classic builder does: of directories the content, files into a directory or as the destination. */
export async function copySources(host: BuildHost, sources: readonly CopySource[], order: CopyOrder): Promise<void> {
  const { root } = order;
  for (const source of sources) {
    if (!source.isDirectory && order.leavesOut?.(basename(source.name))) continue;
    const parents = source.parentsIn === undefined ? "" : source.isDirectory ? source.name : dirname(source.name);
    const destination = source.parentsIn === undefined ? order.destination : `${join(order.destination, parents)}/`;
    const isFolder = destination.endsWith("/");
    if (source.parentsIn !== undefined) await makeParents(host, source.parentsIn, source.name, order);
    // Names of one file within a source stay names of one file.
    const links: Links = new Map();
    const place = await host.resolve(root, destination, { followLast: true });
    if (place.exists && !place.isDirectory && (isFolder || source.isDirectory)) {
      throw new InvalidArgumentError(
        `failed to copy files: failed to copy ${source.isDirectory ? "directory" : "file"}: ${destination}: not a directory`,
      );
    }
    if (source.isDirectory) {
      await makeDirectories(host.kernel, place.path, order.owner);
      await copyContent({ kernel: host.kernel, order, links, turns: new TakingTurns() }, source.path, place.path, "");
      if (source.parentsIn !== undefined) finish(host.kernel, order, source.path, place.path);
    } else if (order.unpacks && !source.isMade && (await isArchive(source.path))) {
      await makeDirectories(host.kernel, place.path, order.owner);
      await applyTar(createReadStream(source.path), place.path, {
        kernel: host.kernel,
        whiteouts: "none",
        ...(host.limits && { limits: host.limits }),
      });
    } else {
      const target = isFolder || place.isDirectory ? join(place.path, basename(source.name)) : place.path;
      await makeDirectories(host.kernel, dirname(target), order.owner);
      const whose = source.isMade ? { ...order, owner: order.owner ?? { uid: 0, gid: 0 } } : order;
      await copyEntry({ kernel: host.kernel, order: whose, links, turns: new TakingTurns() }, source.path, target);
    }
  }
}

/** The folders above a source of `--parents` as they are in their tree. */
async function makeParents(host: BuildHost, tree: string, name: string, order: CopyOrder): Promise<void> {
  for (const folder of foldersAbove(name)) {
    const place = await host.resolve(order.root, join(order.destination, folder), { followLast: true });
    if (place.exists) continue;
    await makeDirectories(host.kernel, place.path, order.owner);
    finish(host.kernel, order, join(tree, folder), place.path);
  }
}

/** Makes a directory and those above that are missing; they belong to the owner of the copies. */
export async function makeDirectories(kernel: Kernel, path: string, owner: CopyOrder["owner"]): Promise<void> {
  const stat = await lstat(path).catch(() => null);
  if (stat?.isDirectory()) return;
  if (stat) throw new InvalidArgumentError(`failed to copy files: mkdir ${path}: not a directory`);
  await makeDirectories(kernel, dirname(path), owner);
  await mkdir(path);
  await chmod(path, 0o755);
  own(kernel, path, owner ?? { uid: 0, gid: 0 });
}

/** As layers are unpacked: an id that is not mapped here is kept as a note. */
function own(kernel: Kernel, path: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    lchownSync(path, uid, gid);
  } catch (error) {
    if (!hasErrno(error, "EPERM") && !hasErrno(error, "EINVAL")) throw error;
    if (!lstatSync(path).isSymbolicLink()) kernel.setXattr(path, ownerXattr, Buffer.from(`${uid}:${gid}`));
  }
}

/** Where a file with several names was copied to, by device and inode. */
type Links = Map<string, string>;

interface Copying {
  readonly kernel: Kernel;
  readonly order: CopyOrder;
  readonly links: Links;
  readonly turns: TakingTurns;
}

/** Smaller files are copied at once: to have another thread do it takes longer than the copy. */
const asideSize = 256n << 10n;

async function copyContent(copying: Copying, from: string, to: string, below: string): Promise<void> {
  for (const name of readdirSync(from).toSorted()) {
    const due = copying.turns.pause();
    if (due) await due;
    const path = below === "" ? name : `${below}/${name}`;
    if (!copying.order.leavesOut?.(path)) await copyEntry(copying, join(from, name), join(to, name), path);
  }
}

/** What stands in the way is replaced, but a directory by a directory is merged. Links below the destination are not followed. */
async function copyEntry(copying: Copying, from: string, to: string, below = ""): Promise<void> {
  const { kernel, order, links } = copying;
  const stat = lstatSync(from, { bigint: true });
  if (stat.isSocket()) return;
  const there = lstatSync(to, { throwIfNoEntry: false });
  if (there && !(there.isDirectory() && stat.isDirectory())) await rm(to, { recursive: true });
  const first = !stat.isDirectory() && stat.nlink > 1n ? links.get(`${stat.dev}:${stat.ino}`) : undefined;
  if (first !== undefined) return linkSync(first, to);
  if (!stat.isDirectory() && stat.nlink > 1n) links.set(`${stat.dev}:${stat.ino}`, to);
  if (stat.isDirectory()) {
    if (!there?.isDirectory()) mkdirSync(to);
    await copyContent(copying, from, to, below);
  } else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (stat.isFile() && stat.size < asideSize) copyFileSync(from, to, constants.COPYFILE_FICLONE);
  else if (stat.isFile()) await copyFile(from, to, constants.COPYFILE_FICLONE);
  else kernel.mknod(to, Number(stat.mode), Number(stat.rdev >> 8n), Number(stat.rdev & 0xffn));
  finish(kernel, order, from, to, stat);
}

/** Owner, mode, attributes and time of what was copied. */
function finish(kernel: Kernel, order: CopyOrder, from: string, to: string, stat = lstatSync(from, { bigint: true })): void {
  own(kernel, to, order.owner ?? { uid: Number(stat.uid), gid: Number(stat.gid) });
  const mode = Number(stat.mode & 0o7777n);
  if (!stat.isSymbolicLink()) chmodSync(to, order.mode ? order.mode(mode, stat.isDirectory()) : mode);
  for (const name of kernel.listXattrs(from)) {
    // The note of an owner that could not be kept goes along with owners.
    if (name === ownerXattr ? order.owner !== null : !isPortableXattr(name)) continue;
    const value = kernel.getXattr(from, name);
    if (value) kernel.setXattr(to, name, value);
  }
  kernel.setTimes(to, stat.mtimeNs, stat.mtimeNs);
}

/** Whether a file is a tar, plain or compressed: what is compressed but no tar is copied as it is. */
async function isArchive(path: string): Promise<boolean> {
  const stat = await lstat(path);
  if (!stat.isFile() || stat.size < 14) return false;
  let start = Buffer.alloc(0);
  try {
    for await (const chunk of decompressed(createReadStream(path))) {
      start = Buffer.concat([start, chunk]);
      if (start.length >= 512) break;
    }
  } catch (error) {
    if (error instanceof InvalidArgumentError) return false;
    throw error;
  }
  return compressionOf(start) === "none" && start.subarray(257, 262).toString() === "ustar";
}
