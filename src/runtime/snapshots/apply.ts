import { chmodSync, closeSync, fchmodSync, fchownSync, futimesSync, lchownSync, linkSync, lstatSync } from "node:fs";
import { mkdirSync, openSync, realpathSync, rmSync, symlinkSync, unlinkSync, type Stats } from "node:fs";
import { join, relative } from "node:path";
import { hasErrno, InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { decompressed } from "../../oci/tar/decompress.ts";
import { readTar, type TarEntry } from "../../oci/tar/read-tar.ts";
import type { TarHeader } from "../../oci/tar/tar-header.ts";
import { defaultUnpackLimits, UnpackMeter, type UnpackLimits } from "../../oci/tar/unpack-limits.ts";
import { opaqueWhiteout, whiteoutMetaPrefix, whiteoutPrefix } from "../../oci/whiteout.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { deviceXattr, isPrivateXattr, ownerXattr } from "./layer-xattrs.ts";
import { inRoot } from "../kernel/thread-root.ts";
import { isWhiteout, makeWhiteout, setOpaque } from "./overlay-marks.ts";
import { impossible } from "./impossible-entry.ts";
import { pathInside, ScopedDirectory } from "./scoped-directory.ts";
import { writeContent } from "./write-content.ts";

const S_IFIFO = 0o010000;
const S_IFCHR = 0o020000;
const S_IFBLK = 0o060000;

export interface ApplyOptions {
  readonly kernel: Kernel;
  /** `overlay`: the target is a layer, where `.wh.` names become overlayfs's own marks. `none`: they are names as any other. */
  readonly whiteouts: "overlay" | "none";
  /** The layers below, topmost first: what they have gives directories that the tar only implies their mode and owner. */
  readonly lower?: readonly string[];
  /** Refuse to put a file where a directory is, and the reverse (`docker cp`). */
  readonly noOverwriteDirNonDir?: boolean;
  /** How much it may be; `defaultUnpackLimits` when not given. */
  readonly limits?: UnpackLimits;
  /** The tar is not compressed, whatever it looks like. */
  readonly isPlain?: boolean;
  /** False: everything belongs to whoever unpacks. */
  readonly owners?: boolean;
  /** An open directory (`openRoot`) as whose path `target` is meant, and out of which nothing leads: for where others may change links meanwhile. */
  readonly root?: number;
}

export interface Applied {
  /** Bytes of files, and of symlinks' targets; null when something was replaced, so that it would have to be counted. */
  readonly size: number | null;
  /** Device nodes that could not be made, nor noted. */
  readonly skipped: readonly string[];
}

/**
 * Unpacks a tar (plain, gzip, zstd) into the directory `target` as it streams in. Nothing is ever written outside: paths are resolved
 * as in a chroot, so a symlink in the archive cannot lead out either. Nobody else may change `target` meanwhile, but where `root` is given.
 * @throws InvalidArgumentError when it is no tar, names something outside, or becomes too large.
 */
export async function applyTar(source: AsyncIterable<Uint8Array>, target: string, options: ApplyOptions): Promise<Applied> {
  const unpacking = new Unpacking(target, options);
  const limits = options.limits ?? defaultUnpackLimits;
  const meter = new UnpackMeter(limits);
  for await (const entry of readTar(options.isPlain === true ? source : decompressed(source, limits))) {
    meter.entry(entry.header.size);
    try {
      await unpacking.add(entry);
    } catch (error) {
      throw impossible(error, entry.header.name);
    }
  }
  unpacking.finish();
  return { size: unpacking.hasReplaced ? null : unpacking.size, skipped: unpacking.skipped };
}

class Unpacking {
  size = 0;
  hasReplaced = false;
  readonly skipped: string[] = [];
  readonly #target: string;
  readonly #options: ApplyOptions;
  readonly #kernel: Kernel;
  readonly #scope: ScopedDirectory;
  readonly #directoryTimes: [path: string, mtime: bigint][] = [];

  constructor(target: string, options: ApplyOptions) {
    this.#target = target;
    this.#options = options;
    this.#kernel = options.kernel;
    this.#scope = new ScopedDirectory(target, options.kernel, options.lower ?? []);
  }

  async add(entry: TarEntry): Promise<void> {
    const { header } = entry;
    if (header.type === "other") return;
    const { parent, base } = pathInside(header.name);
    if (base === "") {
      // `docker cp` leaves the directory itself as it is; a layer says what `/` is like.
      if (header.type === "directory" && this.#options.whiteouts === "overlay") this.#describe(this.#target, header);
      return;
    }
    const directory = this.#inside(() => this.#scope.directory(parent));
    if (this.#options.whiteouts === "overlay" && base.startsWith(whiteoutPrefix)) this.#whiteout(directory, base);
    else await this.#create(join(directory, base), entry);
  }

  /** What is done by paths; nothing that waits. */
  #inside<T>(work: () => T): T {
    return this.#options.root === undefined ? work() : inRoot(this.#options.root, work);
  }

  /** Directories get their times last, when nothing is put into them any more. */
  finish(): void {
    this.#inside(() => this.#setDirectoryTimes());
  }

  #setDirectoryTimes(): void {
    // What a later entry replaced is gone, and in its place, or above it, may stand a link that leads out.
    const isThere = this.hasReplaced ? this.#directoriesThatStand() : () => true;
    for (const [path, mtime] of this.#directoryTimes.reverse()) if (isThere(path)) this.#kernel.setTimes(path, mtime, mtime);
  }

  #directoriesThatStand(): (path: string) => boolean {
    const real = realpathSync(this.#target);
    return (path) => {
      try {
        return lstatSync(path).isDirectory() && realpathSync(path) === join(real, relative(this.#target, path));
      } catch {
        return false;
      }
    };
  }

  #whiteout(directory: string, base: string): void {
    if (base === opaqueWhiteout) return setOpaque(this.#kernel, directory);
    if (base.startsWith(whiteoutMetaPrefix)) return undefined;
    const name = base.slice(whiteoutPrefix.length);
    if (name === "" || name === "." || name === "..") throw new InvalidArgumentError(`invalid whiteout ${JSON.stringify(base)}`);
    // A whiteout is about lower layers: what this layer itself has under the name stays, wherever the whiteout stands in the tar.
    const path = join(directory, name);
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (!there) makeWhiteout(this.#kernel, path);
    else if (there.isDirectory()) setOpaque(this.#kernel, path);
    return undefined;
  }

  async #create(path: string, { header, content }: TarEntry): Promise<void> {
    // Most files are new, and then need not be looked for.
    const isWritten = header.type === "file" && (await this.#write(path, header, content, { isNew: false }));
    if (isWritten) return;
    this.#inside(() => this.#make(path, header));
    if (header.type === "file") await this.#write(path, header, content, { isNew: true });
  }

  /** Whatever it is but a file, of which only the place is made free. */
  #make(path: string, header: TarHeader): void {
    const there = lstatSync(path, { throwIfNoEntry: false });
    const hidden = there !== undefined && this.#options.whiteouts === "overlay" && isWhiteout(there);
    if (there && !(there.isDirectory() && header.type === "directory")) this.#clear(path, there, header, hidden);
    switch (header.type) {
      case "directory":
        if (!there?.isDirectory()) mkdirSync(path, 0o700);
        if (hidden) setOpaque(this.#kernel, path);
        break;
      case "file":
        return;
      case "link":
        this.#link(path, header);
        return;
      case "symlink":
        symlinkSync(header.linkName, path);
        this.size += Buffer.byteLength(header.linkName);
        this.#scope.forget();
        break;
      case "fifo":
        this.#kernel.mknod(path, S_IFIFO | 0o600, 0, 0);
        break;
      default:
        if (!this.#makeDevice(path, header)) return;
    }
    this.#describe(path, header);
  }

  /** Writes a file with all that belongs to it; false, with nothing read, when there is something of its name and it was not known to be new. */
  async #write(path: string, header: TarHeader, content: TarEntry["content"], { isNew }: { readonly isNew: boolean }): Promise<boolean> {
    let fd: number;
    try {
      fd = this.#inside(() => openSync(path, "wx", 0o600));
    } catch (error) {
      if (!isNew && hasErrno(error, "EEXIST")) return false;
      throw error;
    }
    try {
      await writeContent(fd, header.size, content);
      this.#inside(() => this.#describeFile(path, header, fd));
    } finally {
      closeSync(fd);
    }
    this.size += header.size;
    return true;
  }

  #describeFile(path: string, header: TarHeader, fd: number): void {
    if (this.#options.owners !== false) this.#own(path, header, fd);
    this.#setXattrs(path, header);
    fchmodSync(fd, header.mode);
    const mtime = boundedTime(header.mtime);
    const seconds = wholeSeconds(mtime);
    if (seconds === null) this.#kernel.setTimes(path, mtime, mtime);
    else futimesSync(fd, seconds, seconds);
  }

  #clear(path: string, there: Stats, header: TarHeader, hidden: boolean): void {
    this.hasReplaced = true;
    if (this.#options.noOverwriteDirNonDir && !hidden) {
      const name = JSON.stringify(header.name);
      if (there.isDirectory()) throw new InvalidArgumentError(`cannot overwrite directory ${name} with non-directory ${name}`);
      if (header.type === "directory") throw new InvalidArgumentError(`cannot overwrite non-directory ${name} with directory ${name}`);
    }
    if (there.isDirectory()) rmSync(path, { recursive: true });
    else unlinkSync(path);
    this.#scope.forget();
  }

  #link(path: string, header: TarHeader): void {
    const { parent, base } = pathInside(header.linkName);
    const existing = join(this.#scope.directory(parent), base);
    try {
      linkSync(existing, path);
    } catch (error) {
      const pair = `${JSON.stringify(header.name)} -> ${JSON.stringify(header.linkName)}`;
      throw new InvalidArgumentError(`invalid hardlink ${pair}: ${messageOf(error)}`, { cause: error });
    }
  }

  #makeDevice(path: string, header: TarHeader): boolean {
    const { devMajor, devMinor } = header;
    const kind = header.type === "block-device" ? S_IFBLK : S_IFCHR;
    // 0/0 would be an overlay whiteout.
    if (devMajor !== 0 || devMinor !== 0) {
      try {
        this.#kernel.mknod(path, kind | 0o600, devMajor, devMinor);
        return true;
      } catch (error) {
        if (!hasErrno(error, "EPERM")) throw error;
      }
    }
    if (this.#options.whiteouts === "none" || (devMajor === 0 && devMinor === 0)) {
      this.skipped.push(header.name);
      return false;
    }
    // A user namespace makes none, and no container in it could open one. An empty file stands for it, which archives know as what it is.
    closeSync(openSync(path, "wx", 0o600));
    this.#kernel.setXattr(path, deviceXattr, Buffer.from(`${header.type === "block-device" ? "b" : "c"} ${devMajor}:${devMinor}`));
    return true;
  }

  /** Owner, then attributes and mode, since chown clears setuid and capabilities; then times. */
  #describe(path: string, header: TarHeader): void {
    if (this.#options.owners !== false) this.#own(path, header);
    this.#setXattrs(path, header);
    if (header.type !== "symlink") chmodSync(path, header.mode);
    const mtime = boundedTime(header.mtime);
    if (header.type === "directory") this.#directoryTimes.push([path, mtime]);
    else this.#kernel.setTimes(path, mtime, mtime);
  }

  #setXattrs(path: string, { xattrs }: TarHeader): void {
    for (const [name, value] of xattrs) {
      if (isPrivateXattr(name)) continue;
      try {
        this.#kernel.setXattr(path, name, value);
      } catch (error) {
        // Not every file system and namespace takes every attribute; Docker goes on without.
        if (!["ENOTSUP", "EOPNOTSUPP", "EPERM", "EINVAL"].some((code) => hasErrno(error, code))) throw error;
      }
    }
  }

  #own(path: string, { uid, gid, type }: TarHeader, fd: number | null = null): void {
    if (uid > 0xffff_fffe || gid > 0xffff_fffe) throw new InvalidArgumentError("archive/tar: invalid tar header");
    try {
      if (fd === null) lchownSync(path, uid, gid);
      else fchownSync(fd, uid, gid);
    } catch (error) {
      if (!hasErrno(error, "EPERM") && !hasErrno(error, "EINVAL")) throw error;
      // The id is not mapped here: the file stays ours, and export and commit read from this note whose it is.
      const mayHaveNote = type === "file" || type === "directory" || (type.endsWith("device") && lstatSync(path).isFile());
      if (mayHaveNote) this.#kernel.setXattr(path, ownerXattr, Buffer.from(`${uid}:${gid}`));
    }
  }
}

/** A time before 1970, or after 2262, becomes the epoch, as in dockerd (moby `boundTime`). */
function boundedTime(mtime: bigint): bigint {
  return mtime < 0n || mtime > 2n ** 63n - 1n ? 0n : mtime;
}

/** Seconds since the epoch when that is exact, as in nearly every tar; else null. */
function wholeSeconds(mtime: bigint): number | null {
  return mtime % 1_000_000_000n === 0n ? Number(mtime / 1_000_000_000n) : null;
}
