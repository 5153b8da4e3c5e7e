import { once } from "node:events";
import { Readable, Writable, type Duplex } from "node:stream";
import { getSystemErrorMap } from "node:util";
import type { CallerFiles } from "../caller-files.ts";
import { encodeFrame, readFrames } from "./frames.ts";

/** The caller's end of a served command: its streams, files and signals, each over the one connection (see `Frame`). */
export class Caller {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly files: CallerFiles;
  readonly #socket: Duplex;
  #finished = false;
  readonly #answers: { resolve(payload: Buffer): void; reject(error: Error): void }[] = [];
  readonly #handlers = new Map<string, Set<() => void>>();

  constructor(socket: Duplex) {
    this.#socket = socket;
    this.stdin = new Readable({ read: () => this.#send("i") });
    this.stdout = this.#output("o");
    this.stderr = this.#output("e");
    this.files = {
      kindOf: async (path) => (await this.#ask("k", path)).toString() as "file" | "directory" | "other",
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
      for await (const { type, payload } of readFrames(this.#socket)) {
        if (type === "i") this.stdin.push(payload.length === 0 ? null : payload);
        else if (type === "s") for (const handler of this.#handlers.get(`SIG${payload.toString()}`) ?? []) handler();
        else if (type === "a") this.#answers.shift()?.resolve(payload);
        else if (type === "z") this.#answers.shift()?.reject(systemError(Number(payload.toString())));
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
  async exit(exitCode: number): Promise<void> {
    await Promise.all([this.stdout, this.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))));
    this.#send("x", String(exitCode));
    this.#finished = true;
  }

  /** The last word: the caller runs the command itself. What ours still says is for nobody. @throws Error to end it. */
  handBack(): never {
    this.#send("b");
    this.#finished = true;
    throw new Error("this command needs a process of its caller's own");
  }

  #output(type: string): Writable {
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#finished || chunk.length === 0) done();
        else this.#socket.write(encodeFrame(type, chunk), done);
      },
    });
    // Nobody is there to hear what cannot be written: the signal ends the command.
    return output.on("error", () => undefined);
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
    for (;;) {
      const chunk = await this.#ask("n", "");
      if (chunk.length === 0) return;
      yield chunk;
    }
  }

  #ask(type: string, path: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#answers.push({ resolve, reject });
      this.#send(type, path);
    });
  }

  #send(type: string, payload: Uint8Array | string = ""): boolean {
    return !this.#finished && this.#socket.writable && this.#socket.write(encodeFrame(type, payload));
  }
}

/** The error that Node would throw for this errno of Linux. */
function systemError(errno: number): Error {
  const [code, message] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, "unknown error"];
  return Object.assign(new Error(`${code}: ${message}`), { code, errno: -errno });
}
