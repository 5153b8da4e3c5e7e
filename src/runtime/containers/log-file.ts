import { EventEmitter, once } from "node:events";
import { open, type FileHandle } from "node:fs/promises";
import { messageOf } from "../../base/errors.ts";

/** One line of a container's output, or a part of one that is longer than 16 KiB. */
export interface LogEntry {
  readonly log: string;
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nine digits of the second, UTC. */
  readonly time: string;
}

/**
 * A container's log as Docker's json-file driver writes it: a JSON object a line, `{"log":"hi\n","stream":"stdout","time":"…"}`.
 * Appends are gathered while a write is under way, so that a talkative container costs few system calls.
 */
export class LogFile {
  readonly path: string;
  readonly #changed = new EventEmitter().setMaxListeners(0);
  #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #file: Promise<FileHandle> | null = null;
  #open = false;
  #changes = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** The container runs: followers wait for more. */
  start(): void {
    this.#open = true;
  }

  append(entries: readonly LogEntry[]): void {
    for (const { log, stream, time } of entries) this.#pending.push(`${JSON.stringify({ log, stream, time })}\n`);
    if (this.#pending.length === entries.length) this.#writing = this.#writing.then(() => this.#write()).catch(complain);
  }

  /** Resolves when all that was appended is in the file. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  /** The container stopped: followers come to their end. */
  async stop(): Promise<void> {
    await this.#writing;
    this.#open = false;
    const file = this.#file;
    this.#file = null;
    this.#notify();
    await (await file)?.close();
  }

  /** Everything there is, and with `follow` what comes, until the container stops or `signal` aborts. */
  async *read(options: { readonly follow: boolean; readonly signal?: AbortSignal }): AsyncGenerator<readonly LogEntry[]> {
    let file: FileHandle;
    try {
      file = await open(this.path, "r");
    } catch {
      if (!options.follow || !this.#open) return;
      await this.#wait(options.signal);
      yield* this.read(options);
      return;
    }
    try {
      let rest: Buffer = Buffer.alloc(0);
      const chunk = Buffer.alloc(64 * 1024);
      for (;;) {
        if (options.signal?.aborted) return;
        await this.flush();
        // Asked before reading: what was written before the log closed is read in this round.
        const before = this.#changes;
        const wasOpen = this.#open;
        const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
        if (bytesRead === 0) {
          if (!options.follow || !wasOpen) return;
          if (this.#changes === before) await this.#wait(options.signal);
          continue;
        }
        const data: Buffer = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
        const end = data.lastIndexOf(0x0a) + 1;
        rest = data.subarray(end);
        const entries = parseEntries(data.subarray(0, end).toString("utf8"));
        if (entries.length > 0) yield entries;
      }
    } finally {
      await file.close();
    }
  }

  async #write(): Promise<void> {
    const text = this.#pending.join("");
    this.#pending = [];
    this.#file ??= open(this.path, "a", 0o640);
    const file = await this.#file.catch((error: unknown) => {
      this.#file = null;
      throw error;
    });
    await file.appendFile(text);
    this.#notify();
  }

  #notify(): void {
    this.#changes += 1;
    this.#changed.emit("change");
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    try {
      await once(this.#changed, "change", signal ? { signal } : {});
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }
}

/** A full disk costs lines of the log, as in Docker, and must not keep the container from ending. */
function complain(error: unknown): void {
  process.stderr.write(`slipway: cannot write a container's log: ${messageOf(error)}\n`);
}

/** A line that a crash cut short is left out. */
function parseEntries(text: string): readonly LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      entries.push(JSON.parse(line) as LogEntry);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return entries;
}

const maxLine = 16 * 1024;

/** Cuts a stream of bytes into log entries: at line ends, and where a line reaches 16 KiB, as Docker's copier does. */
export class LineCutter {
  readonly #stream: "stdout" | "stderr";
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: "stdout" | "stderr") {
    this.#stream = stream;
  }

  push(chunk: Buffer, time: string): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const newline = data.indexOf(0x0a);
      const length = newline >= 0 && newline < maxLine ? newline + 1 : maxLine;
      if (newline < 0 && data.length < maxLine) break;
      entries.push({ log: data.subarray(0, length).toString("utf8"), stream: this.#stream, time });
      data = data.subarray(length);
    }
    this.#rest = data;
    return entries;
  }

  /** The last line, when no newline ends it. */
  end(time: string): readonly LogEntry[] {
    if (this.#rest.length === 0) return [];
    const log = this.#rest.toString("utf8");
    this.#rest = Buffer.alloc(0);
    return [{ log, stream: this.#stream, time }];
  }
}
