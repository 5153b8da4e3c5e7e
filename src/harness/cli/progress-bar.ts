/** A terminal to draw on. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** How wide it is now. */
  readonly columns: () => number;
}

const CLEAR_LINE = "\r\u001b[K";
const REDRAW_MS = 1000;

/** How much of some work is done and how long the rest will take: the last line of a terminal, below what is printed; nothing where there is none. */
export class ProgressBar {
  readonly #terminal: Terminal | null;
  readonly #total: number;
  readonly #now: () => number;
  readonly #start: number;
  #done = 0;
  #doneAt: number;
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;

  /** @param now milliseconds of a clock that only goes forward. */
  constructor(terminal: Terminal | null, total: number, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#total = total;
    this.#now = now;
    this.#start = now();
    this.#doneAt = this.#start;
    if (terminal === null) return;
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#timer.unref();
  }

  /** One more is done. Returns how many milliseconds the others will take, at the pace until now. */
  step(): number {
    this.#done++;
    this.#doneAt = this.#now();
    return this.#leftMs(this.#doneAt);
  }

  /** Lets `print` write whole lines above the bar. */
  above(print: () => void): void {
    this.#terminal?.write(CLEAR_LINE);
    print();
    this.#draw();
  }

  /** Takes it away. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#isOver = true;
    this.#terminal?.write(CLEAR_LINE);
  }

  #leftMs(now: number): number {
    if (this.#done === 0) return 0;
    const each = (this.#doneAt - this.#start) / this.#done;
    return Math.max(0, each * (this.#total - this.#done) - (now - this.#doneAt));
  }

  #draw(): void {
    if (this.#terminal === null || this.#isOver) return;
    this.#terminal.write(`${CLEAR_LINE}${barText(this.#done, this.#total, this.#leftMs(this.#now()), this.#terminal.columns())}`);
  }
}

/** `  12/200  ███░░░░░░░   6 %  9 min left`, in at most `columns` columns. */
export function barText(done: number, total: number, leftMs: number, columns: number): string {
  const part = total === 0 ? 1 : done / total;
  const count = `${String(done).padStart(String(total).length)}/${total}`;
  const end = `${String(Math.floor(part * 100)).padStart(3)} %${leftMs > 0 ? `  ${spanText(leftMs)} left` : ""}`;
  const room = Math.min(40, columns - count.length - end.length - 7);
  const filled = Math.round(part * Math.max(0, room));
  const bar = room < 5 ? "" : `${"█".repeat(filled)}${"░".repeat(room - filled)}  `;
  return `  ${count}  ${bar}${end}`.slice(0, Math.max(0, columns - 1));
}

/** `45 s`, `3 min`, `2 h 5 min`, rounded up. */
export function spanText(ms: number): string {
  if (ms <= 90_000) return `${Math.ceil(ms / 1000)} s`;
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
