import type { BuildLog, BuildStatus, BuildTrace, BuildVertex } from "../../api/build-trace.ts";
import { isCanceled, traceSize, type BuildDisplay } from "./display.ts";
import type { CommandContext } from "../command.ts";

interface Shown {
  vertex: BuildVertex;
  readonly number: number;
  /** The beginning of a line that is not whole yet. */
  partial: string;
  /** When it last wrote. */
  wroteAt: number;
  readonly done: Set<string>;
  isOver: boolean;
}

/** `--progress plain`: every step by its number, what it writes with the seconds since it began, and how it ended. */
export class PlainDisplay implements BuildDisplay {
  readonly #output: CommandContext["stderr"];
  readonly #shown = new Map<string, Shown>();
  readonly #waiting = new Map<string, BuildVertex>();
  #current: Shown | null = null;
  #isFirst = true;

  constructor(output: CommandContext["stderr"]) {
    this.#output = output;
  }

  onTrace({ vertices, statuses, logs }: BuildTrace): void {
    for (const vertex of vertices) this.#waiting.set(vertex.digest, vertex);
    for (const { vertex } of [...logs, ...statuses]) this.#begin(vertex);
    for (const status of statuses) this.#status(status);
    for (const log of logs) this.#log(log);
    for (const { digest, started, completed } of vertices) {
      if (started === null) continue;
      this.#begin(digest);
      if (completed !== null) this.#end(digest);
    }
  }

  finish(): void {
    for (const shown of this.#shown.values()) this.#flush(shown);
  }

  #begin(digest: string): void {
    const vertex = this.#waiting.get(digest);
    if (!vertex) return;
    const shown = this.#shown.get(digest);
    if (shown) {
      shown.vertex = vertex;
      return;
    }
    const added = {
      vertex,
      number: this.#shown.size + 1,
      partial: "",
      wroteAt: vertex.started ?? 0,
      done: new Set<string>(),
      isOver: false,
    };
    this.#shown.set(digest, added);
    this.#turnTo(added);
  }

  /** Says which step the next lines are of, unless they go on. */
  #turnTo(shown: Shown): void {
    if (this.#current === shown) return;
    if (this.#current && !this.#current.isOver) {
      this.#line(this.#current, "...");
    }
    if (!this.#isFirst) this.#output.write("\n");
    this.#isFirst = false;
    this.#current = shown;
    this.#line(shown, shown.vertex.name);
  }

  #status({ id, vertex, name, current, total, started, completed }: BuildStatus): void {
    const shown = this.#shown.get(vertex);
    if (!shown || completed === null || shown.done.has(id)) return;
    shown.done.add(id);
    this.#turnTo(shown);
    const size = total > 0 ? ` ${traceSize(current)} / ${traceSize(total)}` : current > 0 ? ` ${traceSize(current)}` : "";
    const seconds = started === null ? 0 : (completed - started) / 1000;
    this.#line(shown, `${name}${size}${seconds >= 0.05 ? ` ${seconds.toFixed(1)}s` : ""} done`);
  }

  #log({ vertex, timestamp, data }: BuildLog): void {
    const shown = this.#shown.get(vertex);
    if (!shown) return;
    const lines = `${shown.partial}${data.toString()}`.split("\n");
    shown.partial = lines.pop() ?? "";
    shown.wroteAt = timestamp;
    if (lines.length === 0) return;
    this.#turnTo(shown);
    for (const line of lines) this.#written(shown, line);
  }

  #end(digest: string): void {
    const shown = this.#shown.get(digest);
    if (!shown || shown.isOver) return;
    this.#turnTo(shown);
    this.#flush(shown);
    shown.isOver = true;
    const { cached, error, started, completed } = shown.vertex;
    const seconds = ((completed ?? 0) - (started ?? 0)) / 1000;
    if (error !== "") this.#line(shown, isCanceled(error) ? "CANCELED" : `ERROR: ${error}`);
    else this.#line(shown, cached ? "CACHED" : `DONE ${seconds.toFixed(1)}s`);
  }

  #flush(shown: Shown): void {
    if (shown.partial === "") return;
    const { partial } = shown;
    shown.partial = "";
    this.#turnTo(shown);
    this.#written(shown, partial);
  }

  #written(shown: Shown, line: string): void {
    const seconds = Math.max(0, shown.wroteAt - (shown.vertex.started ?? shown.wroteAt)) / 1000;
    this.#line(shown, `${seconds.toFixed(3)} ${line.replace(/\r$/, "")}`);
  }

  #line({ number }: Shown, text: string): void {
    this.#output.write(`#${number} ${text}\n`);
  }
}
