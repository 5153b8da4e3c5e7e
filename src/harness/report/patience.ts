/** Tells, again and again, of what has been running for long. */
export class Patience {
  readonly #slowMs: number;
  readonly #tell: (name: string, ms: number, doing: string) => void;
  readonly #running = new Map<string, { doing: string; readonly since: number; told: number }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(slowMs: number, tell: (name: string, ms: number, doing: string) => void) {
    this.#slowMs = Math.max(slowMs, 1000);
    this.#tell = tell;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), 500).unref();
  }

  show(name: string, doing: string): void {
    const known = this.#running.get(name);
    if (known === undefined) this.#running.set(name, { doing, since: performance.now(), told: 0 });
    else known.doing = doing;
  }

  done(name: string): void {
    this.#running.delete(name);
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #look(): void {
    for (const [name, one] of this.#running) {
      const ms = performance.now() - one.since;
      const periods = Math.floor(ms / this.#slowMs);
      if (periods <= one.told) continue;
      one.told = periods;
      this.#tell(name, ms, one.doing);
    }
  }
}
