import { chmodSync, closeSync, ftruncateSync, lchownSync, linkSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { rmSync, symlinkSync, unlinkSync, writeSync, type Stats } from "node:fs";
import { join } from "node:path";
import { hasErrno, InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { decompressed } from "../../oci/tar/decompress.ts";
import { readTar, type TarEntry } from "../../oci/tar/read-tar.ts";
import type { TarHeader } from "../../oci/tar/tar-header.ts";
import { opaqueWhiteout, whiteoutMetaPrefix, whiteoutPrefix } from "../../oci/whiteout.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { isPrivateXattr, ownerXattr } from "./layer-xattrs.ts";
import { isWhiteout, makeWhiteout, setOpaque } from "./overlay-marks.ts";
import { pathInside, ScopedDirectory } from "./scoped-directory.ts";

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
  /** False: everything belongs to whoever unpacks. */
  readonly owners?: boolean;
}

export interface Applied {
  /** Bytes of regular files. */
  readonly size: number;
  /** Device nodes that could not be made: a user namespace may not, and such a container could not open them. */
  readonly skipped: readonly string[];
}

/**
 * Unpacks a tar (plain, gzip, zstd) into the directory `target` as it streams in. Nothing is ever written outside: paths are resolved
 * as in a chroot, so a symlink in the archive cannot lead out either. Nobody else may change `target` meanwhile.
 * @throws InvalidArgumentError when it is no tar, or names something outside.
 */
export async function applyTar(source: AsyncIterable<Uint8Array>, target: string, options: ApplyOptions): Promise<Applied> {
  const unpacking = new Unpacking(target, options);
  for await (const entry of readTar(decompressed(source))) await unpacking.add(entry);
  unpacking.finish();
  return { size: unpacking.size, skipped: unpacking.skipped };
}

class Unpacking {
  size = 0;
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
    const directory = this.#scope.directory(parent);
    if (this.#options.whiteouts === "overlay" && base.startsWith(whiteoutPrefix)) this.#whiteout(directory, base);
    else await this.#create(join(directory, base), entry);
  }

  /** Directories get their times last, when nothing is put into them any more. */
  finish(): void {
    for (const [path, mtime] of this.#directoryTimes.reverse()) {
      try {
        this.#kernel.setTimes(path, mtime, mtime);
      } catch (error) {
        // A later entry of the archive replaced it.
        if (!hasErrno(error, "ENOENT")) throw error;
      }
    }
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
    const there = lstatSync(path, { throwIfNoEntry: false });
    const hidden = there !== undefined && this.#options.whiteouts === "overlay" && isWhiteout(there);
    if (there && !(there.isDirectory() && header.type === "directory")) this.#clear(path, there, header, hidden);
    switch (header.type) {
      case "directory":
        if (!there?.isDirectory()) mkdirSync(path, 0o700);
        if (hidden) setOpaque(this.#kernel, path);
        break;
      case "file":
        await writeFileContent(path, header, content);
        this.size += header.size;
        break;
      case "link":
        this.#link(path, header);
        return;
      case "symlink":
        symlinkSync(header.linkName, path);
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

  #clear(path: string, there: Stats, header: TarHeader, hidden: boolean): void {
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
    this.skipped.push(header.name);
    return false;
  }

  /** Owner, then attributes and mode, since chown clears setuid and capabilities; then times. */
  #describe(path: string, header: TarHeader): void {
    if (this.#options.owners !== false) this.#own(path, header);
    for (const [name, value] of header.xattrs) {
      if (isPrivateXattr(name)) continue;
      try {
        this.#kernel.setXattr(path, name, value);
      } catch (error) {
        // Not every file system and namespace takes every attribute; Docker goes on without.
        if (!["ENOTSUP", "EOPNOTSUPP", "EPERM", "EINVAL"].some((code) => hasErrno(error, code))) throw error;
      }
    }
    if (header.type !== "symlink") chmodSync(path, header.mode);
    if (header.type === "directory") this.#directoryTimes.push([path, header.mtime]);
    else this.#kernel.setTimes(path, header.mtime, header.mtime);
  }

  #own(path: string, { uid, gid, type }: TarHeader): void {
    if (uid > 0xffff_fffe || gid > 0xffff_fffe) throw new InvalidArgumentError("archive/tar: invalid tar header");
    try {
      lchownSync(path, uid, gid);
    } catch (error) {
      if (!hasErrno(error, "EPERM") && !hasErrno(error, "EINVAL")) throw error;
      // The id is not mapped here: the file stays ours, and export and commit read from this note whose it is.
      if (type === "file" || type === "directory") this.#kernel.setXattr(path, ownerXattr, Buffer.from(`${uid}:${gid}`));
    }
  }
}

async function writeFileContent(path: string, header: TarHeader, content: TarEntry["content"]): Promise<void> {
  const fd = openSync(path, "wx", 0o600);
  try {
    let end = 0;
    for await (const { offset, data } of content) {
      for (let done = 0; done < data.length;) done += writeSync(fd, data, done, data.length - done, offset + done);
      end = offset + data.length;
    }
    if (end < header.size) ftruncateSync(fd, header.size);
  } finally {
    closeSync(fd);
  }
}
