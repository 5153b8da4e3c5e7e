import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { mountFlags, type Kernel } from "../../kernel/kernel.ts";
import type { Mount, Snapshotter } from "../../snapshots/snapshotter.ts";
import { Serial } from "../../containers/serial.ts";

const flagByOption: Readonly<Record<string, number>> = {
  ro: mountFlags.readonly,
  nosuid: mountFlags.nosuid,
  nodev: mountFlags.nodev,
  noexec: mountFlags.noexec,
  noatime: mountFlags.noatime,
  relatime: mountFlags.relatime,
  bind: mountFlags.bind,
  rbind: mountFlags.bind | mountFlags.rec,
  rw: 0,
};

/** A mounted rootfs; give it back with `release`. */
export interface MountedRootfs {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * The merged rootfs of containers at `containers/ID/merged`, mounted in the engine's own mount namespace while anybody uses it:
 * the running container, an export, a copy.
 */
export class RootfsMounts {
  readonly #folderOf: (id: string) => string;
  readonly #kernel: Kernel;
  readonly #snapshotter: Pick<Snapshotter, "mounts">;
  readonly #mounted = new Map<string, { readonly serial: Serial; users: number }>();

  constructor(options: {
    readonly folderOf: (id: string) => string;
    readonly kernel: Kernel;
    readonly snapshotter: Pick<Snapshotter, "mounts">;
  }) {
    this.#folderOf = options.folderOf;
    this.#kernel = options.kernel;
    this.#snapshotter = options.snapshotter;
  }

  /** Mounts it unless it is. */
  async acquire(id: string): Promise<MountedRootfs> {
    const path = join(this.#folderOf(id), "merged");
    const entry = this.#mounted.get(id) ?? { serial: new Serial(), users: 0 };
    this.#mounted.set(id, entry);
    await entry.serial.run(async () => {
      if (entry.users === 0) {
        await mkdir(path, { recursive: true });
        this.#mountAll(await this.#snapshotter.mounts(id), path);
      }
      entry.users += 1;
    });
    let isHeld = true;
    const release = (): Promise<void> =>
      entry.serial.run(async () => {
        if (!isHeld) return;
        isHeld = false;
        entry.users -= 1;
        if (entry.users > 0) return;
        // Detached: a process of a client that still has a file open must not keep the container from stopping.
        this.#kernel.unmount(path, { detach: true });
        await rmdir(path).catch(() => undefined);
      });
    return { path, release };
  }

  forget(id: string): void {
    this.#mounted.delete(id);
  }

  #mountAll(mounts: readonly Mount[], target: string): void {
    for (const mount of mounts) {
      let flags = 0;
      const data: string[] = [];
      for (const option of mount.options) {
        const flag = flagByOption[option];
        if (flag === undefined) data.push(option);
        else flags |= flag;
      }
      this.#kernel.mount(mount.source, target, mount.type, flags, data.length > 0 ? data.join(",") : null);
      // A bind mount takes its read-only flag only when it is mounted anew.
      if (flags & mountFlags.bind && flags & mountFlags.readonly) {
        this.#kernel.mount(mount.source, target, null, mountFlags.bind | mountFlags.remount | mountFlags.readonly, null);
      }
    }
  }
}
