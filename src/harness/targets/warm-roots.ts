import type { Target, TargetRoot } from "./target.ts";

/**
 * Roots of a target, started ahead: while scenarios run, the next ones' engines come up.
 * Never more at a time than are still wanted, than `limit`, or than the target can have.
 */
export class WarmRoots {
  readonly #target: Target;
  readonly #signal: AbortSignal;
  readonly #limit: number;
  readonly #ready: Promise<TargetRoot>[] = [];
  #wanted: number;

  constructor(target: Target, options: { readonly wanted: number; readonly limit: number; readonly signal: AbortSignal }) {
    this.#target = target;
    this.#wanted = options.wanted;
    this.#signal = options.signal;
    // A target with one root at a time has none to start ahead.
    this.#limit = Math.min(options.limit, target.maxRoots - 1);
  }

  /** A fresh root, warm if there is one. Rejects as `Target.open`. */
  take(): Promise<TargetRoot> {
    this.#wanted--;
    const root = this.#ready.shift() ?? this.#target.open(this.#signal);
    // The next are started when this one is up, not in its way.
    root.then(
      () => this.#refill(),
      () => undefined,
    );
    return root;
  }

  /** One scenario less will come for its root: it is skipped. */
  forgo(): void {
    this.#wanted--;
  }

  /** A scenario will come once more, to be tried again. */
  wantMore(): void {
    this.#wanted++;
  }

  /** Closes those that nobody took. */
  async close(): Promise<void> {
    this.#wanted = 0;
    await Promise.all(
      this.#ready.splice(0).map(async (root) => {
        const opened = await root.catch(() => null);
        await opened?.close({ keep: false });
      }),
    );
  }

  #refill(): void {
    while (this.#ready.length < Math.min(this.#limit, this.#wanted) && !this.#signal.aborted) {
      const root = this.#target.open(this.#signal);
      root.catch(() => undefined);
      this.#ready.push(root);
    }
  }
}
