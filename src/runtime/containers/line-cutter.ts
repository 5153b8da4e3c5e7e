import type { LogEntry } from "./log-file.ts";

const maxLine = 16 * 1024;

/** Cuts a stream of bytes into log entries: at line ends, and where a line reaches 16 KiB, as Docker's copier does. */
export class LineCutter {
  readonly #stream: "stdout" | "stderr";
  #rest: Buffer = Buffer.alloc(0);
  /** Of the line whose first part is cut already: its parts have one time. */
  #partTime: string | null = null;

  constructor(stream: "stdout" | "stderr") {
    this.#stream = stream;
  }

  /** `now` gives each line's time. */
  push(chunk: Buffer, now: () => string): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const newline = data.indexOf(0x0a);
      const length = newline >= 0 && newline < maxLine ? newline + 1 : maxLine;
      if (newline < 0 && data.length < maxLine) break;
      const time = this.#partTime ?? now();
      this.#partTime = newline === length - 1 ? null : time;
      entries.push({ log: data.subarray(0, length).toString("utf8"), stream: this.#stream, time });
      data = data.subarray(length);
    }
    this.#rest = data;
    return entries;
  }

  /** The last line, when no newline ends it. */
  end(now: () => string): readonly LogEntry[] {
    if (this.#rest.length === 0) return [];
    const time = this.#partTime ?? now();
    const log = this.#rest.toString("utf8");
    this.#rest = Buffer.alloc(0);
    return [{ log, stream: this.#stream, time }];
  }
}
