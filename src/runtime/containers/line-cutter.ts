import type { LogEntry } from "./log-file.ts";

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
