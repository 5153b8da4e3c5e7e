import { PassThrough, type Readable, type Writable } from "node:stream";
import type { SandboxProcess } from "../sandbox/sandbox.ts";
import { DetachScanner } from "./detach-keys.ts";
import { OutputFanout, type OutputName } from "./output-fanout.ts";

/** How a session ended: with the process's output, by detach keys, because its input ended, or because the client went away. */
export type SessionEnd = "output" | "detached" | "input" | "aborted";

/** A session of a client with a process. */
export interface SessionRequest {
  readonly stdin: Readable | null;
  readonly stdout: Writable | null;
  readonly stderr: Writable | null;
  readonly signal: AbortSignal;
  /** With a terminal: the keys that detach. */
  readonly detachKeys: Buffer | null;
  /** Whether the end of this session's input is the end of the process's; otherwise it ends the session, as in Docker. */
  readonly closesInput: boolean;
}

/** After the process is gone its pipes are read to their end; a process outside that holds them open is not waited for longer than this. */
const tailMs = 2000;
/** Then for as many turns at most, of so long each, while something comes: two pipes hold no more pieces. */
const tailTurns = 64;
const turnMs = 20;

/** The streams of one process, container or exec, before it starts, while it runs and until all its output is delivered. */
export class SessionStreams {
  readonly #output = new OutputFanout();
  readonly #hasInput: boolean;
  #input = new PassThrough();

  constructor(options: { readonly openStdin: boolean }) {
    this.#hasInput = options.openStdin;
    this.#input.on("error", () => undefined);
  }

  /** Joins, also before the process starts; listens from the moment of the call. */
  async run(request: SessionRequest): Promise<SessionEnd> {
    const outlet = this.#output.add({ stdout: request.stdout, stderr: request.stderr }, request.signal);
    const ended = outlet.done.then((): SessionEnd => (request.signal.aborted ? "aborted" : "output"));
    if (!request.stdin || !this.#hasInput) return ended;
    const session = new AbortController();
    try {
      return await Promise.race([ended, this.#type(request, request.stdin, session.signal)]);
    } finally {
      session.abort();
      outlet.leave();
    }
  }

  /**
   * Carries the process's output to `sink` and to the sessions, and their input to it; resolves when all output was delivered. The process waits
   * for its slowest listener, and for what `sink` promises.
   */
  async connect(
    process: SandboxProcess,
    sink: (name: OutputName, chunk: Buffer) => Promise<void> | undefined = () => undefined,
  ): Promise<void> {
    const { stdin } = process;
    if (stdin) {
      stdin.on("error", () => undefined);
      this.#input.pipe(stdin, { end: process.stderr !== null });
    }
    let pieces = 0;
    const pump = async (name: OutputName, source: Readable | null): Promise<void> => {
      if (!source) return;
      try {
        for await (const chunk of source as AsyncIterable<Buffer>) {
          pieces += 1;
          const room = sink(name, chunk);
          await this.#output.write(name, chunk);
          if (room !== undefined) await room;
        }
      } catch {
        // A terminal whose last user left answers EIO: that is its end.
      }
    };
    const pumped = Promise.all([pump("stdout", process.stdout), pump("stderr", process.stderr)]);
    await process.exited;
    this.#output.release();
    let timer: NodeJS.Timeout | undefined;
    const pause = (ms: number): Promise<void> => new Promise((resolve) => (timer = setTimeout(resolve, ms)));
    const patience = async (): Promise<void> => {
      await pause(tailMs);
      // On a machine that gave us no turn for so long the pipes may be full still: as much as they hold is read.
      for (let turn = 0, before = -1; turn < tailTurns && pieces !== before; turn++) {
        before = pieces;
        await pause(turnMs);
      }
    };
    await Promise.race([pumped, patience()]);
    clearTimeout(timer);
    process.stdout.destroy();
    process.stderr?.destroy();
    if (stdin) {
      this.#input.unpipe(stdin);
      stdin.destroy();
    }
  }

  /** The run is over, or did not come about: sessions end, and the next run starts with fresh streams. */
  finish(): void {
    this.#output.end();
    this.#input.destroy();
    this.#input = new PassThrough();
    this.#input.on("error", () => undefined);
  }

  async #type(request: SessionRequest, source: Readable, signal: AbortSignal): Promise<SessionEnd> {
    const scanner = request.detachKeys ? new DetachScanner(request.detachKeys) : null;
    const input = this.#input;
    return new Promise((resolve) => {
      const onData = (chunk: Buffer | string): void => {
        const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
        const { data, detached } = scanner ? scanner.push(bytes) : { data: bytes, detached: false };
        if (data.length > 0 && !input.destroyed && !input.writableEnded && !input.write(data)) {
          source.pause();
          input.once("drain", () => source.resume());
        }
        if (detached) resolve("detached");
      };
      const onEnd = (): void => {
        if (!request.closesInput) return resolve("input");
        if (!input.destroyed) input.end();
      };
      source.on("data", onData);
      source.once("end", onEnd);
      source.once("error", onEnd);
      signal.addEventListener("abort", () => {
        source.removeListener("data", onData);
        source.removeListener("end", onEnd);
        source.pause();
      });
    });
  }
}
