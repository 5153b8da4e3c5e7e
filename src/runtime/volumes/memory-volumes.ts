import { InternalError, messageOf } from "../../base/errors.ts";
import { type Kernel, mountFlags } from "../kernel/kernel.ts";

const FLAGS: Readonly<Record<string, number>> = {
  ro: mountFlags.readonly,
  nosuid: mountFlags.nosuid,
  nodev: mountFlags.nodev,
  noexec: mountFlags.noexec,
  noatime: mountFlags.noatime,
};

/** Volumes that are a tmpfs: mounted, in the engine's namespace, while any container that uses them runs. */
export class MemoryVolumes {
  readonly #kernel: Pick<Kernel, "mount" | "unmount">;
  readonly #users = new Map<string, number>();

  constructor(kernel: Pick<Kernel, "mount" | "unmount">) {
    this.#kernel = kernel;
  }

  /** One more uses the volume at `path`. @throws InternalError in Docker's words for options that the kernel refuses. */
  use(path: string, options: readonly string[]): void {
    const users = this.#users.get(path) ?? 0;
    if (users === 0) {
      const flags = options.reduce((sum, option) => sum | (FLAGS[option] ?? 0), 0);
      const data = options.filter((option) => FLAGS[option] === undefined).join(",");
      try {
        this.#kernel.mount("tmpfs", path, "tmpfs", flags, data);
      } catch (error) {
        throw new InternalError(`failed to mount local volume: mount tmpfs:${path}, data: ${data}: ${messageOf(error)}`, { cause: error });
      }
    }
    this.#users.set(path, users + 1);
  }

  /** One less; with the last its content is gone. */
  release(path: string): void {
    const users = (this.#users.get(path) ?? 1) - 1;
    if (users > 0) return void this.#users.set(path, users);
    if (this.#users.delete(path)) this.#kernel.unmount(path, { detach: true });
  }
}
