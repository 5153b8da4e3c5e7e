import { closeSync, constants, openSync, stat } from "node:fs";
import { cFunction } from "./libc.ts";

const CLONE_FS = 0x200;
const O_PATH = 0o10000000;

const unshare = cFunction("unshare", "int", ["int"]);
const fchdir = cFunction("fchdir", "int", ["int"]);
const chroot = cFunction("chroot", "int", ["str"]);

/** This thread's own root and working directory, opened once and kept: the way back must not fail for want of a descriptor. */
let home: { readonly root: number; readonly cwd: number } | null = null;

/** Opens a folder to be a root. The caller closes it. @throws the system's error. */
export function openRoot(path: string): number {
  return openSync(path, O_PATH | constants.O_DIRECTORY);
}

/**
 * Runs the **synchronous** `body` with `folder`, an open directory, as the root of this thread (chroot(2)), and always comes back. No path leads out of
 * it, whatever links say and whoever swaps them meanwhile: a container does that which runs while we change its files. Descriptors stay what they
 * are. Other threads (so: Node's asynchronous `fs`) stay where they are, which is why `body` may use none.
 *
 * ```ts
 * const folder = openRoot(rootfs);
 * const names = inRoot(folder, () => readdirSync("/etc"));
 * ```
 * @throws what `body` throws, and the system's error when this process may not (CAP_SYS_CHROOT), with nothing changed.
 */
export function inRoot<T>(folder: number, body: () => T): T {
  const own = (home ??= leaveThreads());
  fchdir(folder);
  try {
    chroot(".");
    return body();
  } finally {
    comeHome(own);
  }
}

/** From now on this thread's root is its own. */
function leaveThreads(): { readonly root: number; readonly cwd: number } {
  const root = openRoot("/");
  try {
    const cwd = openRoot(".");
    // Node's other threads are started by its first asynchronous call; started later they would share this one's root.
    stat("/", () => undefined);
    unshare(CLONE_FS);
    return { root, cwd };
  } catch (error) {
    closeSync(root);
    throw error;
  }
}

function comeHome({ root, cwd }: { readonly root: number; readonly cwd: number }): void {
  try {
    fchdir(root);
    chroot(".");
    fchdir(cwd);
  } catch {
    // Whatever came next would be done to a container's files that is meant for ours.
    process.abort();
  }
}
