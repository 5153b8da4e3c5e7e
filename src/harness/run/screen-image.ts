import type { Terminal as XtermTerminal } from "@xterm/headless";
import { createRequire } from "node:module";
import type { TerminalSize } from "./pty.ts";

/** What a person sees at a terminal of this size: the emulator of many editors, without a display. */
export class ScreenImage {
  readonly #terminal: XtermTerminal;

  constructor({ rows, columns }: TerminalSize) {
    // Loaded only where a scenario looks at a screen: it is large.
    const { Terminal } = createRequire(import.meta.url)("@xterm/headless") as { Terminal: typeof XtermTerminal };
    this.#terminal = new Terminal({ rows, cols: columns, scrollback: 0, allowProposedApi: true });
  }

  write(chunk: Uint8Array): void {
    this.#terminal.write(chunk);
  }

  /** After what was written before. */
  async resize({ rows, columns }: TerminalSize): Promise<void> {
    await this.#drained();
    this.#terminal.resize(columns, rows);
  }

  /** The screen's lines, without white space at their ends and empty lines at the screen's. */
  async text(): Promise<string> {
    await this.#drained();
    const { active } = this.#terminal.buffer;
    const lines = Array.from(
      { length: this.#terminal.rows },
      (_, row) =>
        active
          .getLine(active.baseY + row)
          ?.translateToString(true)
          .trimEnd() ?? "",
    );
    return lines.join("\n").trimEnd();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write("", resolve));
  }
}
