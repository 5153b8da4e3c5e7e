import type { BuildTrace } from "../../api/build-trace.ts";
import type { BuildDisplay } from "./display.ts";
import type { CommandContext } from "../command.ts";

/** `--progress rawjson`: each trace as a line of JSON, in the names of BuildKit's `client.SolveStatus`; what programs wrote is in base64. */
export class RawDisplay implements BuildDisplay {
  readonly #output: CommandContext["stderr"];

  constructor(output: CommandContext["stderr"]) {
    this.#output = output;
  }

  onTrace({ vertices, statuses, logs, warnings }: BuildTrace): void {
    const line = {
      ...(vertices.length > 0 && {
        vertexes: vertices.map(({ digest, inputs, name, started, completed, cached, error }) => ({
          digest,
          ...(inputs.length > 0 && { inputs }),
          name,
          ...(started !== null && { started: moment(started) }),
          ...(completed !== null && { completed: moment(completed) }),
          ...(cached && { cached }),
          ...(error !== "" && { error }),
        })),
      }),
      ...(statuses.length > 0 && {
        statuses: statuses.map(({ id, vertex, name, total, current, timestamp, started, completed }) => ({
          id,
          vertex,
          name,
          total,
          current,
          timestamp: moment(timestamp),
          ...(started !== null && { started: moment(started) }),
          ...(completed !== null && { completed: moment(completed) }),
        })),
      }),
      ...(logs.length > 0 && {
        logs: logs.map(({ vertex, stream, data, timestamp }) => ({
          vertex,
          stream,
          data: data.toString("base64"),
          timestamp: moment(timestamp),
        })),
      }),
      ...(warnings.length > 0 && {
        warnings: warnings.map(({ vertex, short }) => ({ vertex, short: Buffer.from(short).toString("base64") })),
      }),
    };
    this.#output.write(`${JSON.stringify(line)}\n`);
  }

  finish(): void {}
}

function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
