import type { Writable } from "node:stream";

export type OutputName = "stdout" | "stderr";

/** After this long without a byte taken, a listener is given up so that it cannot hold the container for ever. */
const patienceMs = 60_000;

/** Carries a process's output to any number of listeners: each gets every byte in order, and the slowest sets the pace. */
export class OutputFanout {
  readonly #outlets = new Set<Outlet>();

  /** A new listener, from this byte on. */
  add(targets: { readonly stdout: Writable | null; readonly stderr: Writable | null }, signal: AbortSignal): Outlet {
    const outlet = new Outlet(targets, () => this.#outlets.delete(outlet));
    this.#outlets.add(outlet);
    if (signal.aborted) outlet.leave();
    else signal.addEventListener("abort", () => outlet.leave(), { once: true });
    return outlet;
  }

  /** Resolves when every listener can take more. */
  async write(name: OutputName, chunk: Buffer): Promise<void> {
    await Promise.all([...this.#outlets].map((outlet) => outlet.write(name, chunk)));
  }

  /** The process is gone: nobody sets the pace any more. */
  release(): void {
    for (const outlet of this.#outlets) outlet.hurry();
  }

  /** There is no more output: each listener is done when it has taken what it was given. */
  end(): void {
    for (const outlet of this.#outlets) outlet.end();
    this.#outlets.clear();
  }
}

/** One listener. */
export class Outlet {
  /** Resolves when all output was taken, or the listener left. */
  readonly done: Promise<void>;
  readonly #targets: { readonly stdout: Writable | null; readonly stderr: Writable | null };
  readonly #onLeave: () => void;
  readonly #left = new AbortController();
  readonly #hurried = new AbortController();
  #finish: () => void = () => undefined;
  #unfinished = 0;
  #ended = false;

  constructor(targets: { readonly stdout: Writable | null; readonly stderr: Writable | null }, onLeave: () => void) {
    this.#targets = targets;
    this.#onLeave = onLeave;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    for (const target of new Set([targets.stdout, targets.stderr])) {
      target?.once("error", () => this.leave());
      target?.once("close", () => this.leave());
    }
  }

  async write(name: OutputName, chunk: Buffer): Promise<void> {
    const target = this.#targets[name];
    if (!target || this.#left.signal.aborted || target.destroyed) return;
    this.#unfinished += 1;
    const isRoomy = target.write(chunk, () => {
      this.#unfinished -= 1;
      if (this.#ended && this.#unfinished === 0) this.#finish();
    });
    if (isRoomy || this.#hurried.signal.aborted) return;
    await this.#drained(target);
  }

  hurry(): void {
    this.#hurried.abort();
  }

  end(): void {
    this.#ended = true;
    this.hurry();
    if (this.#unfinished === 0) this.#finish();
  }

  /** No more for this one. */
  leave(): void {
    this.#left.abort();
    this.#onLeave();
    this.#finish();
  }

  async #drained(target: Writable): Promise<void> {
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        target.removeListener("drain", finish);
        this.#left.signal.removeEventListener("abort", finish);
        this.#hurried.signal.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(() => this.leave(), patienceMs);
      target.once("drain", finish);
      this.#left.signal.addEventListener("abort", finish);
      this.#hurried.signal.addEventListener("abort", finish);
    });
  }
}
