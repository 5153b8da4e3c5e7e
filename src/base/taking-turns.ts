import { setImmediate } from "node:timers/promises";

/** Long enough to be worth a turn of the event loop, short enough that nobody notices waiting for it. */
const turnMs = 8;

/** For long work on the main thread: `await turns.pause()` every now and then lets others have their turn, at no cost before it is due. */
export class TakingTurns {
  #since = performance.now();

  /** Undefined while this turn lasts, so that it need not be awaited. */
  pause(): Promise<void> | undefined {
    if (performance.now() - this.#since < turnMs) return undefined;
    return setImmediate().then(() => {
      this.#since = performance.now();
    });
  }
}
