import { closeSync, constants, fstatSync, mkdirSync, openSync, readlinkSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { hasErrno, InternalError, InvalidArgumentError, messageOf, NotFoundError } from "../../base/errors.ts";
import { randomId } from "../../base/ids.ts";
import { type Kernel, mountFlags } from "../kernel/kernel.ts";

/** What finding and holding a part of a volume asks of the system. */
export type SubpathKernel = Pick<Kernel, "mount" | "unmount" | "openBeneath">;

/** A file or folder of a volume, mounted at `path` until it is released, so that no link that a container swaps in meanwhile is followed. */
export interface HeldSubpath {
  readonly path: string;
  release(): void;
}

/** Of a folder of the host's that a user names: what it, or a part of it, may not be. */
export interface HostFolderRules {
  /** Below it are the engine's own files. */
  readonly own: string;
  /** When given, a part must lie at or below one of these. */
  readonly within?: readonly string[] | undefined;
}

const O_PATH = 0o10000000;

/** Parts of volumes (`volume-subpath`), found so that no link leads out of the volume, as moby's safepath does. */
export class HeldSubpaths {
  readonly #kernel: SubpathKernel;
  readonly #folder: string;

  /** `folder`, where they are mounted, is made when it is needed. */
  constructor(kernel: SubpathKernel, folder: string) {
    this.#kernel = kernel;
    this.#folder = folder;
  }

  /**
   * Finds `subpath` below the folder `base` and mounts it, without what is mounted below it.
   * @throws NotFoundError when there is nothing, InvalidArgumentError when it leads out of the volume, InternalError, all in Docker's words.
   */
  hold(base: string, subpath: string, host?: HostFolderRules): HeldSubpath {
    const fd = this.#find(base, subpath, host !== undefined);
    const path = join(this.#folder, randomId().slice(0, 12));
    try {
      if (host) checkPlace(readlinkSync(`/proc/self/fd/${fd}`), host);
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const isFolder = fstatSync(fd).isDirectory();
      const remove = (): void => (isFolder ? rmdirSync(path) : unlinkSync(path));
      if (isFolder) mkdirSync(path);
      else writeFileSync(path, "");
      try {
        this.#kernel.mount(`/proc/self/fd/${fd}`, path, null, mountFlags.bind, null);
      } catch (error) {
        remove();
        throw error;
      }
      const release = (): void => {
        this.#kernel.unmount(path, { detach: true });
        remove();
      };
      return { path, release };
    } finally {
      closeSync(fd);
    }
  }

  #find(base: string, subpath: string, isHosts: boolean): number {
    const whole = posix.join(base, subpath);
    let folder: number;
    try {
      folder = openSync(base, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    } catch (error) {
      throw notAccessible(base, error);
    }
    try {
      // A folder of the host's may lie where a container writes.
      if (isHosts && readlinkSync(`/proc/self/fd/${folder}`) !== base) throw notAccessible(base, new Error("it was moved"));
      return this.#kernel.openBeneath(folder, posix.normalize(subpath));
    } catch (error) {
      if (hasErrno(error, "EXDEV")) {
        throw new InvalidArgumentError(`path concatenation escapes the base directory, base: ${base}, subpath: ${subpath}`, {
          cause: error,
        });
      }
      throw notAccessible(whole, error);
    } finally {
      closeSync(folder);
    }
  }
}

/** As Go's errors: `lstat /x: no such file or directory`. */
function notAccessible(path: string, error: unknown): Error {
  if (hasErrno(error, "ENOENT")) return new NotFoundError(`cannot access path ${path}: lstat ${path}: no such file or directory`);
  if (hasErrno(error, "ENOTDIR")) return new InternalError(`cannot access path ${path}: not a directory`);
  if (hasErrno(error, "ELOOP")) return new InternalError(`cannot access path ${path}: too many links`);
  return new InternalError(`cannot access path ${path}: ${messageOf(error)}`, { cause: error });
}

/** Looks whether an opened place of the host's, `real`, is one that a user may have. @throws InternalError in the kernel's words. */
export function checkPlace(real: string, { own, within }: HostFolderRules): void {
  const isAtOrBelow = (path: string, folder: string): boolean => `${path}/`.startsWith(folder === "/" ? "/" : `${folder}/`);
  if (isAtOrBelow(real, own) || isAtOrBelow(own, real)) throw new InternalError(`bind ${real}: it is the engine's own: permission denied`);
  if (within && !within.some((folder) => isAtOrBelow(real, folder)))
    throw new InternalError(`bind ${real}: this exercise allows binds of its work directory only: permission denied`);
}
