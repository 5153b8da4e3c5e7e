import { setTimeout } from "node:timers/promises";
import { RefusedError } from "./refused-error.ts";
import { RegistryError } from "./registry-error.ts";

/** How often in a row a transfer may fail without getting further, and how often at all. */
const attemptLimit = 5;
const totalLimit = 50;

/** Delays before the next attempts, in milliseconds; the first is for a connection that just broke. */
const delays = [200, 1000, 2000, 4000] as const;

/** Counts the failures of one transfer. */
export class Backoff {
  readonly #signal: AbortSignal;
  #failures = 0;
  #total = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The transfer got further. */
  reset(): void {
    this.#failures = 0;
  }

  /** Waits before another attempt. @throws the error itself when another would be no better. */
  async wait(error: unknown, onRetry: (delayMs: number) => void = () => {}): Promise<void> {
    if (this.#signal.aborted || !mayPass(error) || ++this.#failures >= attemptLimit || ++this.#total >= totalLimit) throw error;
    const asked = error instanceof RegistryError ? error.retryAfter : null;
    const delay = Math.max(delays[this.#failures - 1] ?? delays[3], asked ?? 0);
    onRetry(delay);
    await setTimeout(delay, undefined, { signal: this.#signal });
  }
}

/** What the user is told meanwhile, in dockerd's words. */
export function retryText(delayMs: number): string {
  const seconds = Math.ceil(delayMs / 1000);
  return `Retrying in ${seconds} second${seconds === 1 ? "" : "s"}`;
}

/** A refusal stays one; a broken connection and a server in trouble may not. */
function mayPass(error: unknown): boolean {
  if (error instanceof RegistryError) return error.status >= 500 || error.status === 429;
  return !(error instanceof RefusedError);
}
