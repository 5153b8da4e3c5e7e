import { closeSync, constants, lstatSync, openSync, readSync, readdirSync, readlinkSync, type BigIntStats } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { hasErrno } from "../../base/errors.ts";
import { tarHeader, tarPadding, type TarHeader, type TarType } from "../../oci/tar/tar-header.ts";
import { encodeSparseHeader, encodeTarHeader, tarEnd } from "../../oci/tar/write-tar.ts";
import { opaqueWhiteout, whiteoutPrefix } from "../../oci/whiteout.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { inRoot } from "../kernel/thread-root.ts";
import { entriesOf, type MergedDirectory } from "./merged-lower.ts";
import { deviceXattr, isPortableXattr, ownerXattr } from "./layer-xattrs.ts";
import { isOpaque, isWhiteout } from "./overlay-marks.ts";
import { TarPieces } from "./tar-pieces.ts";

export interface TarOfOptions {
  readonly kernel: Kernel;
  /** What the entry of `path` itself is called; empty (the default) for no such entry, with its children at the top. */
  readonly name?: string;
  /** True for a layer: overlayfs's marks become `.wh.` names. Otherwise marks are left out. */
  readonly whiteouts?: boolean;
  /** Seconds since the epoch: later times become this one. */
  readonly newest?: number | null;
  /** An open directory (`openRoot`) as whose path `path` is meant, and out of which nothing leads: for where others may change links meanwhile. */
  readonly root?: number;
}

/** From so many bytes of holes on a file is written as a sparse one. Smaller ones every tar can read, also those that know no sparse files. */
const worthyHoles = 64 << 20;

/** What our reader takes. */
const rangeLimit = 1 << 15;

interface Walk extends TarOfOptions {
  readonly out: TarPieces;
  /** Names of what has several, by their inodes. */
  readonly links: Map<string, string>;
}

/**
 * The directory or file `path` as an uncompressed tar, as `docker export` and layers have it: sorted, names without a leading `/`,
 * hard links as links, times in whole seconds, capabilities and user attributes; sockets are left out. The same content gives the same bytes.
 */
export function tarOfDirectory(path: string, options: TarOfOptions): Readable {
  const pieces = tarPieces([path], options);
  const confined = options.root === undefined ? pieces : piecesInRoot(pieces, options.root);
  return Readable.from(confined, { objectMode: false, highWaterMark: TarPieces.size });
}

/** Each piece is read with another root. */
function* piecesInRoot(pieces: Generator<Buffer, void>, root: number): Generator<Buffer, void> {
  try {
    for (;;) {
      const { done, value } = inRoot(root, () => pieces.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    pieces.return();
  }
}

/** What an overlay of the directories `merged` shows, as `tarOfDirectory` gives it where that is mounted: of many files reading them below it takes half as long. */
export function tarOfMerged(merged: MergedDirectory, kernel: Kernel): Readable {
  return Readable.from(tarPieces(merged, { kernel }), { objectMode: false, highWaterMark: TarPieces.size });
}

function* tarPieces(merged: MergedDirectory, options: TarOfOptions): Generator<Buffer, void> {
  const walk: Walk = { ...options, out: new TarPieces(), links: new Map() };
  const [top = ""] = merged;
  const name = options.name ?? "";
  if (name === "") yield* options.whiteouts ? layerChildrenOf(top, "", walk) : childrenOf(merged, "", walk);
  else yield* entryOf(top, name, lstatSync(top, { bigint: true }), merged, walk);
  yield* walk.out.add(tarEnd);
  yield* walk.out.rest();
}

function* childrenOf(merged: MergedDirectory, prefix: string, walk: Walk): Generator<Buffer, void> {
  for (const { name, path, stats, directory } of entriesOf(walk.kernel, merged)) {
    yield* entryOf(path, prefix + name, stats, directory ?? [], walk);
  }
}

/** The children in a layer, whose marks become names. */
function* layerChildrenOf(directory: string, prefix: string, walk: Walk): Generator<Buffer, void> {
  const { out } = walk;
  if (prefix !== "" && isOpaque(walk.kernel, directory)) {
    // Docker's marker has the directory's mode and owner.
    const { mode, uid, gid } = headerOf(directory, prefix, "directory", lstatSync(directory, { bigint: true }), walk.kernel);
    yield* out.add(encodeTarHeader(tarHeader({ name: prefix + opaqueWhiteout, mode: mode & 0o777, uid, gid })));
  }
  for (const name of readdirSync(directory).toSorted()) {
    const path = join(directory, name);
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    // A running container may have removed it meanwhile.
    if (!stats) continue;
    if (isWhiteout(stats)) yield* out.add(encodeTarHeader(tarHeader({ name: prefix + whiteoutPrefix + name, mode: 0o600 })));
    else yield* entryOf(path, prefix + name, stats, [path], walk);
  }
}

/** `merged` is where the children are when it is a directory. */
function* entryOf(path: string, name: string, stats: BigIntStats, merged: MergedDirectory, walk: Walk): Generator<Buffer, void> {
  const { out, links } = walk;
  const found = typeOf(stats);
  if (found === null) return;
  const linkName = found === "symlink" ? targetOf(path) : "";
  if (linkName === null) return;
  const header = clamped(headerOf(path, name, found, stats, walk.kernel, linkName), walk.newest ?? null);
  const { type } = header;
  if (stats.nlink > 1n && type !== "directory") {
    const inode = `${stats.dev}:${stats.ino}`;
    const first = links.get(inode);
    if (first !== undefined) {
      yield* out.add(encodeTarHeader({ ...header, type: "link", size: 0, linkName: first, xattrs: new Map() }));
      return;
    }
    links.set(inode, name);
  }
  if (type === "file") yield* fileOf(path, header, stats, walk);
  else yield* out.add(encodeTarHeader(header));
  if (type === "directory") yield* walk.whiteouts ? layerChildrenOf(path, header.name, walk) : childrenOf(merged, header.name, walk);
}

function headerOf(path: string, name: string, type: TarType, stats: BigIntStats, kernel: Kernel, linkName = ""): TarHeader {
  const device = type === "character-device" || type === "block-device" ? Number(stats.rdev) : 0;
  const xattrs = new Map<string, Uint8Array>();
  let noted: ReturnType<typeof deviceOf> = null;
  let [uid, gid] = [Number(stats.uid), Number(stats.gid)];
  if (type === "file" || type === "directory") {
    for (const attribute of xattrsOf(path, kernel)) {
      const isNote = attribute === ownerXattr || attribute === deviceXattr;
      const value = isNote || isPortableXattr(attribute) ? kernel.getXattr(path, attribute) : null;
      if (value === null) continue;
      if (attribute === deviceXattr) noted = deviceOf(value, stats);
      else if (attribute === ownerXattr) [uid = uid, gid = gid] = Buffer.from(value).toString().split(":").map(Number);
      else xattrs.set(attribute, value);
    }
  }
  return tarHeader({
    name: type === "directory" ? `${name}/` : name,
    type: noted?.type ?? type,
    mode: Number(stats.mode & 0o7777n),
    uid,
    gid,
    size: type === "file" ? Number(stats.size) : 0,
    // Docker cuts them too, and 20.10 writes no PAX for them.
    mtime: stats.mtimeNs - (((stats.mtimeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n),
    linkName,
    devMajor: noted?.major ?? (device >> 8) & 0xfff,
    devMinor: noted?.minor ?? (device & 0xff) | ((device >> 12) & 0xfff00),
    xattrs,
  });
}

/** What `applyTar` noted at an empty file; nothing as soon as somebody has written to it. */
function deviceOf(
  note: Uint8Array,
  { size }: BigIntStats,
): { readonly type: TarType; readonly major: number; readonly minor: number } | null {
  const [, kind, major, minor] = /^([bc]) (\d+):(\d+)$/.exec(Buffer.from(note).toString()) ?? [];
  if (kind === undefined || size > 0n) return null;
  return { type: kind === "b" ? "block-device" : "character-device", major: Number(major), minor: Number(minor) };
}

function clamped(header: TarHeader, newest: number | null): TarHeader {
  const limit = newest === null ? null : BigInt(newest) * 1_000_000_000n;
  return limit === null || header.mtime <= limit ? header : { ...header, mtime: limit };
}

function* fileOf(path: string, header: TarHeader, { blocks }: BigIntStats, { out, kernel }: Walk): Generator<Buffer, void> {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return;
    throw error;
  }
  try {
    const holes = header.size - Number(blocks) * 512;
    const ranges = holes >= worthyHoles ? kernel.dataRanges(fd, header.size) : null;
    if (ranges && ranges.length <= rangeLimit) {
      const { blocks: front, stored } = encodeSparseHeader(header, ranges);
      yield* out.add(front);
      for (const { offset, length } of ranges) yield* bytesOf(fd, offset, length, out);
      yield* out.fill(tarPadding(stored), () => 0);
    } else {
      yield* out.add(encodeTarHeader(header));
      yield* bytesOf(fd, 0, header.size, out);
      yield* out.fill(tarPadding(header.size), () => 0);
    }
  } finally {
    closeSync(fd);
  }
}

/** The header has promised as many bytes as the file had: one that was cut meanwhile is filled up. */
function bytesOf(fd: number, offset: number, length: number, out: TarPieces): Generator<Buffer, void> {
  let from = offset;
  return out.fill(length, (buffer, at, room) => {
    const count = readSync(fd, buffer, at, room, from);
    from += count;
    return count;
  });
}

function typeOf(stats: BigIntStats): TarType | null {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isFIFO()) return "fifo";
  if (stats.isCharacterDevice()) return "character-device";
  if (stats.isBlockDevice()) return "block-device";
  return null;
}

/** Null when a running container has removed it meanwhile. */
function targetOf(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return null;
    throw error;
  }
}

function xattrsOf(path: string, kernel: Kernel): readonly string[] {
  try {
    return kernel.listXattrs(path);
  } catch (error) {
    if (["ENOTSUP", "EOPNOTSUPP", "ENOENT"].some((code) => hasErrno(error, code))) return [];
    throw error;
  }
}
