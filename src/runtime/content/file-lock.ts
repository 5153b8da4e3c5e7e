import { open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { Kernel } from "../kernel/kernel.ts";

const retryMs = 20;

/**
 * Does `action` while nobody else, in this process or another, has a lock on the file `path`, which is made when missing. The kernel gives the
 * lock back also when its holder is killed.
 */
export async function withFileLock<T>(kernel: Pick<Kernel, "lockFile">, path: string, action: () => Promise<T>): Promise<T> {
  const file = await open(path, "a", 0o644);
  try {
    while (!kernel.lockFile(file.fd)) await setTimeout(retryMs);
    return await action();
  } finally {
    await file.close();
  }
}
