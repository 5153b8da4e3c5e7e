import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { onTerminal, terminalInput, type TerminalSize } from "../../src/harness/run/pty.ts";
import { ScreenImage } from "../../src/harness/run/screen-image.ts";

/** A program at a real terminal, and what a person sees there. */
export class TestTerminal implements Disposable {
  readonly #child: ChildProcess;
  readonly #image: ScreenImage;
  readonly ended: Promise<number | null>;
  /** All that it wrote, with its escape sequences. */
  raw = "";

  constructor(argv: readonly string[], { size, cwd, env }: { size: TerminalSize; cwd: string; env: NodeJS.ProcessEnv }) {
    const [program, ...args] = onTerminal(argv, size);
    this.#image = new ScreenImage(size);
    const child = spawn(program, args, { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => {
      this.raw += chunk.toString("utf8");
      this.#image.write(chunk);
    });
    this.ended = new Promise((resolve) => child.once("close", resolve));
  }

  type(text: string): void {
    this.#child.stdin?.write(terminalInput.type(text));
  }

  /**
   * A window made wider is so before the program knows, one made narrower only when `hasHeeded` is true of the screen: what a program writes before
   * it knows of a narrower window is broken into rows that it cannot know of.
   */
  async resize(size: TerminalSize, hasHeeded?: (screen: string) => boolean): Promise<void> {
    if (hasHeeded === undefined) await this.#image.resize(size);
    this.#child.stdin?.write(terminalInput.resize(size));
    if (hasHeeded === undefined) return;
    await this.see(hasHeeded);
    await this.#image.resize(size);
  }

  screen(): Promise<string> {
    return this.#image.text();
  }

  /** Waits until the screen is so; throws with what is on it when it never is. */
  async see(isSo: (screen: string) => boolean, limitMs = 60_000): Promise<string> {
    const limit = Date.now() + limitMs;
    for (;;) {
      const screen = await this.screen();
      if (isSo(screen)) return screen;
      if (Date.now() > limit) throw new Error(`the screen never was as awaited, but:\n${screen}`);
      await sleep(20);
    }
  }

  /** As when its window is closed: the kernel tells the program of it. */
  hangUp(): void {
    this.#child.kill("SIGKILL");
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }
}
