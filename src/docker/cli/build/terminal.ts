import stringWidth from "string-width";
import type { BuildStatus, BuildTrace, BuildVertex } from "../../api/build-trace.ts";
import { isCanceled, traceSize, type BuildDisplay } from "./display.ts";
import type { CommandContext } from "../command.ts";

/** Milliseconds between two pictures. */
const pace = 150;

/** Lines of a running step's output that are shown below it. */
const outputLines = 6;

const blue = "\u001b[34m";
const red = "\u001b[31m";
const yellow = "\u001b[33m";
const plain = "\u001b[0m";

interface Step {
  vertex: BuildVertex;
  readonly statuses: Map<string, BuildStatus>;
  output: string;
}

/** `--progress tty`: all steps with their times, drawn again and again over themselves. */
export class TerminalDisplay implements BuildDisplay {
  readonly #output: CommandContext["stderr"];
  readonly #isColored: boolean;
  readonly #steps = new Map<string, Step>();
  readonly #began = Date.now();
  readonly #timer: NodeJS.Timeout;
  #drawn = 0;

  constructor(output: CommandContext["stderr"], options: { readonly isColored: boolean }) {
    this.#output = output;
    this.#isColored = options.isColored;
    this.#timer = setInterval(() => this.#draw(false), pace);
    this.#timer.unref();
  }

  onTrace({ vertices, statuses, logs }: BuildTrace): void {
    for (const vertex of vertices) {
      const step = this.#steps.get(vertex.digest);
      if (step) step.vertex = vertex;
      else this.#steps.set(vertex.digest, { vertex, statuses: new Map(), output: "" });
    }
    for (const status of statuses) this.#steps.get(status.vertex)?.statuses.set(status.id, status);
    for (const { vertex, data } of logs) {
      const step = this.#steps.get(vertex);
      if (step) step.output = `${step.output}${data.toString()}`.slice(-8000);
    }
  }

  finish(): void {
    clearInterval(this.#timer);
    this.#draw(true);
  }

  #draw(isLast: boolean): void {
    const width = Math.max(24, this.#output.columns ?? 80);
    const height = Math.max(5, this.#output.rows ?? 24);
    const steps = [...this.#steps.values()].filter(({ vertex }) => vertex.started !== null);
    const over = steps.filter(({ vertex }) => vertex.completed !== null).length;
    const seconds = ((Date.now() - this.#began) / 1000).toFixed(1);
    const isFinished = isLast && over > 0 && over === this.#steps.size && steps.every(({ vertex }) => vertex.error === "");
    const head = fitted(`[+] Building ${seconds}s (${over}/${this.#steps.size})${isFinished ? " FINISHED" : ""}`, "docker:default", width);
    const all = steps.flatMap((step) => this.#linesOf(step, width));
    // What does not fit was seen before; at the end everything is left on the screen.
    const lines = [head, ...(isLast ? all : all.slice(-(height - 2)))];
    const back = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : "";
    this.#output.write(`\u001b[?25l${back}\r\u001b[J${lines.join("\n")}\n\u001b[?25h`);
    this.#drawn = lines.length;
  }

  #linesOf({ vertex, statuses, output }: Step, width: number): readonly string[] {
    const { name, cached, error, completed } = vertex;
    const mark = error === "" ? (cached ? "CACHED " : "") : isCanceled(error) ? "CANCELED " : "ERROR ";
    const color = completed === null ? "" : error === "" ? blue : isCanceled(error) ? yellow : red;
    const lines = [this.#painted(fitted(` => ${mark}${firstLine(name)}`, time(vertex), width), color)];
    for (const status of statuses.values()) {
      const { name: what, current, total } = status;
      const size = total > 0 ? ` ${traceSize(current)} / ${traceSize(total)}` : current > 0 ? ` ${traceSize(current)}` : "";
      lines.push(this.#painted(fitted(` => => ${what}${size}`, time(status), width), status.completed === null ? "" : blue));
    }
    if (completed !== null || output === "") return lines;
    const shown = output.trimEnd().split("\n").slice(-outputLines);
    return [...lines, ...shown.map((line) => fitted(` => => # ${printable(line)}`, "", width))];
  }

  #painted(line: string, color: string): string {
    return this.#isColored && color !== "" ? `${color}${line}${plain}` : line;
  }
}

function time({ started, completed }: { readonly started: number | null; readonly completed: number | null }): string {
  const seconds = started === null ? 0 : ((completed ?? Date.now()) - started) / 1000;
  return `${(seconds < 0.05 ? 0 : seconds).toFixed(1)}s`;
}

/** A line with `right` at its end, cut to the width in columns: a line that the terminal breaks would spoil the count of lines to go back. */
function fitted(left: string, right: string, width: number): string {
  const room = width - right.length - 2;
  const shown = cut(left, room);
  return `${shown}${" ".repeat(room - stringWidth(shown))} ${right}`.trimEnd();
}

function cut(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let [shown, width] = ["", 0];
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    shown += segment;
  }
  return shown;
}

function firstLine(text: string): string {
  return printable(text.split("\n", 1)[0] ?? "");
}

/** What a program wrote may not steer the terminal here. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll("\t", "    ").replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u001f\u007f]/g, "");
}
