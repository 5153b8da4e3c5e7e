import { once } from "node:events";
import { Readable, type Duplex, type Writable } from "node:stream";
import { getSystemErrorMap } from "node:util";
import type { CallerFiles } from "../files/caller-files.ts";
import { readFrames, writeFrame } from "./frames.ts";
import { OrderedOutput } from "./ordered-output.ts";

/** Requests for bytes that are on their way at once: to wait for each answer would take as long as two processes take to come to their turns. */
const AHEAD = 4;

/** The caller's end of a served command: its streams, files and signals, each over the one connection (see `Frame`). */
export class Caller {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly files: CallerFiles;
  readonly #socket: Duplex;
  #finished = false;
  #stdinAsked = 0;
  readonly #answers: { resolve(parts: readonly Buffer[]): void; reject(error: Error): void }[] = [];
  readonly #handlers = new Map<string, Set<() => void>>();

  constructor(socket: Duplex) {
    this.#socket = socket;
    this.stdin = new Readable({
      read: () => {
        for (; this.#stdinAsked < AHEAD; this.#stdinAsked++) this.#send("i");
      },
    });
    this.stdout = new OrderedOutput(socket, "o");
    this.stderr = new OrderedOutput(socket, "e");
    this.files = {
      kindOf: async (path) => textOf(await this.#ask("k", path)) as "file" | "directory" | "other",
      read: async (path) => {
        await this.#ask("r", path);
        return Readable.from(this.#chunks(), { objectMode: false });
      },
      write: (path, source) => this.#write(path, source),
    };
  }

  /** Takes what the caller sends until it goes away. */
  async listen(): Promise<void> {
    try {
      for await (const { type, parts } of readFrames(this.#socket)) {
        if (type === "i") {
          // Nobody reads what comes unasked, so the engine would keep it: that is none of our programs at the other end.
          if (this.#stdinAsked === 0) return;
          this.#stdinAsked--;
          for (const part of parts) this.stdin.push(part);
          if (parts.length === 0) this.stdin.push(null);
        } else if (type === "s") for (const handler of this.#handlers.get(`SIG${textOf(parts)}`) ?? []) handler();
        else if (type === "a") this.#answers.shift()?.resolve(parts);
        else if (type === "z") this.#answers.shift()?.reject(systemError(Number(textOf(parts))));
      }
    } finally {
      for (const answer of this.#answers.splice(0)) answer.reject(new Error("the caller went away"));
      this.stdin.destroy();
    }
  }

  /** Calls `handler` when the caller gets the signal, which then does no more to it. */
  onSignal(name: NodeJS.Signals, handler: () => void): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    if (handlers.size === 0) this.#send("s", name.slice("SIG".length));
    this.#handlers.set(name, handlers.add(handler));
    return () => {
      if (handlers.delete(handler) && handlers.size === 0) this.#send("S", name.slice("SIG".length));
    };
  }

  /** The last word, after all output: the caller ends with this exit code. */
  exit(exitCode: number): void {
    this.#send("x", String(exitCode));
    this.#finished = true;
  }

  /** The last word: the caller runs the command itself. What ours still says is for nobody. @throws Error to end it. */
  handBack(): never {
    this.#send("b");
    this.#finished = true;
    throw new Error("this command needs a process of its caller's own");
  }

  async #write(path: string, source: Readable): Promise<void> {
    try {
      await this.#ask("w", path);
      for await (const chunk of source as AsyncIterable<Buffer>) {
        if (!this.#send("p", chunk)) await once(this.#socket, "drain");
      }
    } catch (error) {
      await this.#ask("u", "").catch(() => undefined);
      throw error;
    }
    await this.#ask("c", "");
  }

  async *#chunks(): AsyncGenerator<Buffer> {
    const asked: Promise<readonly Buffer[]>[] = [];
    for (;;) {
      while (asked.length < AHEAD) {
        const answer = this.#ask("n", "");
        // Awaited in its turn, if ever.
        answer.catch(() => undefined);
        asked.push(answer);
      }
      const parts = await asked.shift();
      if (parts === undefined || parts.length === 0) return;
      yield* parts;
    }
  }

  #ask(type: string, path: string): Promise<readonly Buffer[]> {
    return new Promise((resolve, reject) => {
      this.#answers.push({ resolve, reject });
      this.#send(type, path);
    });
  }

  #send(type: string, payload: Uint8Array | string = ""): boolean {
    return !this.#finished && this.#socket.writable && writeFrame(this.#socket, type, payload);
  }
}

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString();
}

/** The error that Node would throw for this errno of Linux. */
function systemError(errno: number): Error {
  const [code, message] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, "unknown error"];
  return Object.assign(new Error(`${code}: ${message}`), { code, errno: -errno });
}
