import type { BuildTrace, BuildVertex, BuildWarning } from "../../api/build-trace.ts";

/** Shows a build as it goes on. */
export interface BuildDisplay {
  onTrace(trace: BuildTrace): void;
  /** Shows the rest; nothing comes after it. */
  finish(): void;
}

/** Lines of a failed step that are shown again at its end. */
const shownAgain = 10;

/** Collects what the end of a build tells: the log of the step that failed, and warnings. */
export class BuildSummary {
  readonly #vertices = new Map<string, BuildVertex>();
  readonly #logs = new Map<string, string>();
  readonly #warnings: BuildWarning[] = [];

  onTrace({ vertices, logs, warnings }: BuildTrace): void {
    for (const vertex of vertices) this.#vertices.set(vertex.digest, vertex);
    // Only the end of what a step writes is of interest.
    for (const { vertex, data } of logs) this.#logs.set(vertex, `${this.#logs.get(vertex) ?? ""}${data.toString()}`.slice(-20_000));
    this.#warnings.push(...warnings);
  }

  /** The step that failed and the end of what it wrote; empty when none did. */
  failure(): string {
    const failed = [...this.#vertices.values()].find(({ error }) => error !== "" && !isCanceled(error));
    if (!failed) return "";
    const lines = (this.#logs.get(failed.digest) ?? "").trimEnd().split("\n").slice(-shownAgain);
    return `------\n > ${failed.name}:\n${lines.join("\n") === "" ? "" : `${lines.join("\n")}\n`}------\n`;
  }

  warnings(): string {
    if (this.#warnings.length === 0) return "";
    const count = `${this.#warnings.length} warning${this.#warnings.length === 1 ? "" : "s"} found`;
    return `\n ${count}:\n${this.#warnings.map(({ short }) => ` - ${short}\n`).join("")}`;
  }
}

/** A step that did not fail itself: another one did. */
export function isCanceled(error: string): boolean {
  return error.endsWith("context canceled");
}

/** `231B`, `2.93kB`, `1.20MB`. */
export function traceSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${value}B` : `${value.toFixed(2)}${units[unit]}`;
}
