import type { Writable } from "node:stream";

/** Resolves when `target` has taken the text, or will never take it. */
export function writeFully(target: Writable, text: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || target.destroyed) return resolve();
    const finish = (): void => {
      signal.removeEventListener("abort", finish);
      target.removeListener("close", finish);
      resolve();
    };
    signal.addEventListener("abort", finish);
    target.once("close", finish);
    target.write(text, finish);
    return undefined;
  });
}
