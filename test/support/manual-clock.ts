import { EventEmitter, once } from "node:events";
import type { Clock } from "../../src/base/clock.ts";

/** A wait that somebody asked for; `wake` lets exactly that time pass. */
export interface AskedSleep {
  readonly ms: number;
  wake(): void;
}

/** Time that passes only when a test says so, and tells what is waited for. */
export class ManualClock implements Clock {
  #now = Date.parse("2024-01-01T00:00:00Z");
  #waiting: AskedSleep[] = [];
  readonly #asked = new EventEmitter();

  now(): Date {
    return new Date(this.#now);
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const asked: AskedSleep = {
        ms,
        wake: () => {
          this.#forget(asked);
          this.advance(ms);
          resolve();
        },
      };
      signal?.addEventListener("abort", () => {
        this.#forget(asked);
        reject(signal.reason as Error);
      });
      this.#waiting.push(asked);
      this.#asked.emit("asked");
      return undefined;
    });
  }

  /** The oldest wait that goes on, as soon as there is one. */
  async asked(): Promise<AskedSleep> {
    for (;;) {
      const [first] = this.#waiting;
      if (first) return first;
      await once(this.#asked, "asked");
    }
  }

  #forget(asked: AskedSleep): void {
    this.#waiting = this.#waiting.filter((other) => other !== asked);
  }
}
