import { InvalidArgumentError } from "../../base/errors.ts";

/** One thing that is wrong in a scenario file; `line` and `column` count from 1, `path` is like `steps/2/expect/exitCode`. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** `scenario.yaml:14:7 steps/2/expect/exitCode: must be a number`. */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  return `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}`;
}

/** A scenario file cannot be used; the message has one line a problem, in the order of the file. */
export class ScenarioError extends InvalidArgumentError {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map(formatProblem).join("\n"), options);
    this.problems = sorted;
  }
}
