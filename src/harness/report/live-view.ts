import stringWidth from "string-width";
import { visibleText } from "./visible-text.ts";

const REDRAW_MS = 100;

/** The last lines of a terminal, which say what is running and since when; nothing at all when there is no terminal. */
export class LiveView {
  readonly #write: (text: string) => void;
  readonly #terminal: { readonly columns: number; readonly rows: number } | null;
  readonly #running = new Map<string, { doing: string; readonly since: number }>();
  #total = 0;
  #finished = 0;
  #failed = 0;
  /** The lines that stand there, as wide as they are. */
  #drawn: readonly number[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(write: (text: string) => void, terminal: { readonly columns: number; readonly rows: number } | null) {
    this.#write = write;
    this.#terminal = terminal;
  }

  start(total: number): void {
    this.#total = total;
    if (this.#terminal !== null) this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref();
  }

  /** What `name` is doing now. */
  show(name: string, doing: string): void {
    const known = this.#running.get(name);
    if (known === undefined) this.#running.set(name, { doing, since: performance.now() });
    else known.doing = doing;
  }

  done(name: string, failed: boolean): void {
    this.#running.delete(name);
    this.#finished++;
    if (failed) this.#failed++;
  }

  /** Prints above the live lines. */
  print(text: string): void {
    this.#write(this.#erasure() + text);
    this.#drawn = [];
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#running.clear();
    this.print("");
  }

  #draw(): void {
    if (this.#terminal === null || this.#running.size === 0) return;
    const { columns, rows } = sizeOf(this.#terminal);
    const failed = this.#failed === 0 ? "" : `, ${this.#failed} ✗`;
    const shown = [...this.#running].slice(0, Math.max(1, Math.min(rows - 4, 12)));
    const lines = shown.map(
      ([name, { doing, since }]) => `  ▸ ${seconds(performance.now() - since)} ${visibleText(`${name}: ${doing}`).replaceAll("\n", " ")}`,
    );
    if (shown.length < this.#running.size) lines.push(`  ▸ +${this.#running.size - shown.length}`);
    const all = [`[${this.#finished}/${this.#total}${failed}]`, ...lines].map((line) => fitted(line, columns - 1));
    this.#write(`${this.#erasure()}${all.join("\n")}\n`);
    this.#drawn = all.map((line) => stringWidth(line));
  }

  /** Moves up over what was drawn last, and clears from there. A window made narrower since has broken wide lines into several rows. */
  #erasure(): string {
    if (this.#terminal === null || this.#drawn.length === 0) return "";
    const { columns } = sizeOf(this.#terminal);
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return `\u001b[${rows}A\r\u001b[J`;
  }
}

/** Its size now; a terminal that nobody told a size, as a serial line, has 0 × 0. */
function sizeOf({ columns, rows }: { readonly columns: number; readonly rows: number }) {
  return { columns: columns || 80, rows: rows || 24 };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(6);
}

/** As much of `text` as fits in so many columns. */
function fitted(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let short = "";
  let width = 0;
  for (const character of text) {
    width += stringWidth(character);
    if (width > columns - 1) break;
    short += character;
  }
  return `${short}…`;
}
