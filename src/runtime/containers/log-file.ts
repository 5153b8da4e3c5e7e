import { EventEmitter, once } from "node:events";
import { open, rename, stat, truncate, type FileHandle } from "node:fs/promises";
import { messageOf } from "../../base/errors.ts";
import type { LogRotation } from "./log-rotation.ts";

/** One line of a container's output, or a part of one that is longer than 16 KiB. */
export interface LogEntry {
  readonly log: string;
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nine digits of the second, UTC. */
  readonly time: string;
}

/** Characters that may wait to be written: a container prints faster than any disk writes. */
const MAX_PENDING = 1 << 20;

/**
 * A container's log as Docker's json-file driver writes it: a JSON object a line, `{"log":"hi\n","stream":"stdout","time":"…"}`.
 * Appends are gathered while a write is under way, so that a talkative container costs few system calls. With a rotation, a full file
 * becomes `….1`, that one `….2`, and the last is dropped.
 */
export class LogFile {
  readonly path: string;
  readonly #changed = new EventEmitter().setMaxListeners(0);
  readonly #rotation: LogRotation | null;
  /** How often files were changed for new ones; a reader knows by it which of them is the one that it was reading. */
  #rotations = 0;
  #size = 0;
  #pending: string[] = [];
  #pendingLength = 0;
  #writing: Promise<void> = Promise.resolve();
  #file: Promise<FileHandle> | null = null;
  #open = false;
  #changes = 0;

  constructor(path: string, rotation: LogRotation | null = null) {
    this.path = path;
    this.#rotation = rotation;
  }

  /** The container runs: followers wait for more. */
  start(): void {
    this.#open = true;
  }

  /** Gives back a promise when so much waits to be written that whoever has more is to wait for it too. */
  append(entries: readonly LogEntry[]): Promise<void> | undefined {
    for (const { log, stream, time } of entries) {
      this.#pending.push(`${JSON.stringify({ log, stream, time })}\n`);
      this.#pendingLength += log.length;
    }
    if (this.#pending.length === entries.length) this.#writing = this.#writing.then(() => this.#write()).catch(complain);
    return this.#pendingLength > MAX_PENDING ? this.#writing : undefined;
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
    await this.flush();
    let generation = this.#rotations - (this.#rotation ? this.#rotation.maxFiles - 1 : 0);
    for (;;) {
      generation = Math.max(generation, this.#rotations - (this.#rotation ? this.#rotation.maxFiles - 1 : 0));
      yield* this.#readOne(generation, options);
      if (options.signal?.aborted || generation >= this.#rotations) return;
      generation++;
    }
  }

  /** One file: the one that is written to, or one that came before it, and then only to its end. */
  async *#readOne(generation: number, options: { follow: boolean; signal?: AbortSignal }): AsyncGenerator<readonly LogEntry[]> {
    const isLast = (): boolean => generation >= this.#rotations;
    let file: FileHandle;
    try {
      // In its turn among the writes, so that the name means the same file when it is opened.
      const opening = this.#writing.then(() => {
        const age = this.#rotations - generation;
        return open(age === 0 ? this.path : `${this.path}.${age}`, "r");
      });
      this.#writing = opening.then(nothing, nothing);
      file = await opening;
    } catch {
      if (!isLast() || !options.follow || !this.#open) return;
      await this.#wait(options.signal);
      yield* this.#readOne(generation, options);
      return;
    }
    try {
      let rest: Buffer = Buffer.alloc(0);
      const chunk = Buffer.alloc(64 * 1024);
      for (;;) {
        if (options.signal?.aborted) return;
        await this.flush();
        // Asked before reading: what was written before the log closed, or another file began, is read in this round.
        const before = this.#changes;
        const goesOn = this.#open && isLast();
        const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
        if (bytesRead === 0) {
          if (!options.follow || !goesOn) return;
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
    const lines = this.#pending;
    this.#pending = [];
    this.#pendingLength = 0;
    let file = await this.#opened();
    const maxBytes = this.#rotation?.maxBytes ?? Infinity;
    let text = "";
    for (const line of lines) {
      // Like dockerd: a file that is full, and not one that would be.
      if (this.#size >= maxBytes) {
        await file.appendFile(text);
        text = "";
        await this.#rotate();
        file = await this.#opened();
      }
      text += line;
      this.#size += Buffer.byteLength(line);
    }
    await file.appendFile(text);
    this.#notify();
  }

  async #opened(): Promise<FileHandle> {
    if (!this.#file) {
      this.#file = open(this.path, "a", 0o640);
      // A container that is started again goes on where it was.
      if (this.#rotation)
        this.#size = await stat(this.path).then(
          ({ size }) => size,
          () => 0,
        );
    }
    return this.#file.catch((error: unknown) => {
      this.#file = null;
      throw error;
    });
  }

  async #rotate(): Promise<void> {
    const { maxFiles } = this.#rotation ?? { maxFiles: 1 };
    const file = await this.#file;
    this.#file = null;
    await file?.close();
    for (let age = maxFiles - 1; age > 0; age--) {
      await rename(age === 1 ? this.path : `${this.path}.${age - 1}`, `${this.path}.${age}`).catch(() => undefined);
    }
    if (maxFiles === 1) await truncate(this.path);
    this.#rotations++;
    this.#size = 0;
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

function nothing(): void {
  // Whether a reader could open a file is for the reader to tell.
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
