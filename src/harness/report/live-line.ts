import stringWidth from "string-width";
import { visibleText } from "./visible-text.ts";

/** One line at the bottom of a terminal that says what is going on; nothing at all when there is no terminal. */
export class LiveLine {
  readonly #write: (text: string) => void;
  readonly #columns: number | null;
  readonly #running = new Map<string, string>();
  #total = 0;
  #finished = 0;
  #shown = false;

  constructor(write: (text: string) => void, columns: number | null) {
    this.#write = write;
    this.#columns = columns;
  }

  start(total: number): void {
    this.#total = total;
  }

  /** What `name` is doing now. */
  show(name: string, doing: string): void {
    this.#running.delete(name);
    this.#running.set(name, doing);
    this.#draw();
  }

  done(name: string): void {
    this.#running.delete(name);
    this.#finished++;
  }

  /** Prints above the line. */
  print(text: string): void {
    this.#erase();
    this.#write(text);
    this.#draw();
  }

  end(): void {
    this.#running.clear();
    this.#erase();
  }

  #draw(): void {
    if (this.#columns === null || this.#running.size === 0) return;
    const doing = [...this.#running].map(([name, what]) => `${name}: ${visibleText(what)}`).join(" | ");
    this.#erase();
    this.#write(fitted(`[${this.#finished}/${this.#total}] ${doing}`, this.#columns - 1));
    this.#shown = true;
  }

  #erase(): void {
    if (this.#shown) this.#write("\r\u001b[2K");
    this.#shown = false;
  }
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
