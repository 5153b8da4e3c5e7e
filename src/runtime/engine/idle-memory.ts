import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const LOOK_MS = 2000;

/**
 * Gives the memory of what was done back to the system, once after each time that `isBusy` was true and is no more: V8 by itself collects when
 * it needs room, which an engine that waits never does. Does not keep the process alive.
 */
export function collectWhenIdle(isBusy: () => boolean): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let wasBusy = false;
  const look = (): void => {
    const busy = isBusy();
    if (wasBusy && !busy) collect();
    wasBusy = busy;
  };
  setInterval(look, LOOK_MS).unref();
}
