import { statSync } from "node:fs";
import { hasErrno, InternalError, InvalidArgumentError, messageOf, NotFoundError } from "../../base/errors.ts";
import { bindDevice, ENGINES_OWN } from "./bind-device.ts";
import type { LocalVolume } from "./driver-options.ts";
import { HeldSubpaths, type SubpathKernel } from "./held-subpaths.ts";
import { MemoryVolumes } from "./memory-volumes.ts";
import type { ContainerMount, MountsInUse } from "./volumes.ts";

/** What a volume is, and the path of its folder in the root. */
interface FoundVolume {
  readonly volume: LocalVolume;
  readonly path: string;
}

/** Where volumes and parts of them are while somebody uses them: what is in memory or a part is mounted, what is the host's is looked for. */
export class VolumeFolders {
  readonly #find: (name: string) => FoundVolume | null;
  readonly #inMemory: MemoryVolumes;
  readonly #parts: HeldSubpaths;

  /** `parts` is the folder where parts are mounted. */
  constructor(options: { readonly kernel: SubpathKernel; readonly parts: string; readonly find: (name: string) => FoundVolume | null }) {
    this.#find = options.find;
    this.#inMemory = new MemoryVolumes(options.kernel);
    this.#parts = new HeldSubpaths(options.kernel, options.parts);
  }

  /** As `Volumes.use`. */
  use(mounts: readonly ContainerMount[], within?: readonly string[]): MountsInUse {
    const releases: (() => void)[] = [];
    const release = (): void => releases.splice(0).forEach((each) => each());
    const parts = new Map<string, string>();
    try {
      for (const { point, subpath } of mounts) {
        const folder = this.#open(point.Name ?? "");
        if (folder === null) continue;
        releases.unshift(folder.release);
        if (subpath === undefined) continue;
        const part = this.#parts.hold(folder.path, subpath, folder.isHosts ? { own: ENGINES_OWN, within } : undefined);
        releases.unshift(() => part.release());
        parts.set(point.Destination, part.path);
      }
    } catch (error) {
      release();
      throw error instanceof InternalError ? error : new InternalError(messageOf(error), { cause: error });
    }
    return { parts, release };
  }

  /** As `Volumes.fill`. */
  async fill({ point, subpath }: ContainerMount, copyTo: (folder: string) => Promise<void>): Promise<void> {
    const name = point.Name ?? "";
    if (subpath !== undefined) return await this.#fillPart(name, subpath, copyTo);
    const found = this.#find(name);
    if (found === null) return;
    const { volume, path } = found;
    if (volume.kind === "folder") return await copyTo(path);
    if (volume.kind === "bind") return await copyTo(bindDevice(volume.device, path)).catch(forgiveHost);
    this.#inMemory.use(path, volume.options);
    try {
      await copyTo(path);
    } finally {
      this.#inMemory.release(path);
    }
  }

  /** What is not there yet is not filled: the container does not start without it. */
  async #fillPart(name: string, subpath: string, copyTo: (folder: string) => Promise<void>): Promise<void> {
    const folder = this.#open(name);
    if (folder === null) return;
    try {
      const part = this.#parts.hold(folder.path, subpath, folder.isHosts ? { own: ENGINES_OWN } : undefined);
      try {
        if (statSync(part.path).isDirectory()) await copyTo(part.path).catch(folder.isHosts ? forgiveHost : undefined);
      } finally {
        part.release();
      }
    } catch (error) {
      if (error instanceof NotFoundError) return;
      const worded = `failed to populate volume: ${messageOf(error)}`;
      throw error instanceof InvalidArgumentError
        ? new InvalidArgumentError(worded, { cause: error })
        : new InternalError(worded, { cause: error });
    } finally {
      folder.release();
    }
  }

  /** The folder of a volume, until it is released; null when there is no such volume. @throws InternalError in Docker's words. */
  #open(name: string): { readonly path: string; readonly isHosts: boolean; readonly release: () => void } | null {
    const found = this.#find(name);
    if (found === null) return null;
    const { volume, path } = found;
    const release = (): void => undefined;
    try {
      if (volume.kind === "folder") return { path, isHosts: false, release };
      if (volume.kind === "bind") return { path: bindDevice(volume.device, path), isHosts: true, release };
      this.#inMemory.use(path, volume.options);
      return { path, isHosts: false, release: () => this.#inMemory.release(path) };
    } catch (error) {
      throw new InternalError(`error while mounting volume '${path}': ${messageOf(error)}`, { cause: error });
    }
  }
}

/** A folder of the host's that is another's, or read-only to this engine, takes what of the content it can. */
function forgiveHost(error: unknown): void {
  if (!["EPERM", "EACCES", "EROFS"].some((code) => hasErrno(error, code))) throw error;
}
