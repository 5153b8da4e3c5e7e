import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { cFunction } from "../kernel/libc.ts";

const LOOK_MS = 2000;

const mallocTrim = cFunction("malloc_trim", "int", ["size_t"]);

/**
 * Gives the memory of what was done back to the system, once after each time that `isBusy` was true and is no more: V8 by itself collects when
 * it needs room, which an engine that waits never does. Does not keep the process alive.
 */
export function collectWhenIdle(isBusy: () => boolean): void {
  let collect: (() => void) | null = null;
  let wasBusy = false;
  const look = (): void => {
    const busy = isBusy();
    if (wasBusy && !busy) {
      collect ??= exposedCollect();
      collect();
      trim();
    }
    wasBusy = busy;
  };
  setInterval(look, LOOK_MS).unref();
}

/** V8's own `gc()`. Not taken before it is needed, for an engine of a scenario is gone by then. */
function exposedCollect(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** malloc_trim(3): what is free between what is still used goes back too. */
function trim(): void {
  try {
    mallocTrim(0);
  } catch {
    // musl has no such function, and keeps less.
  }
}
