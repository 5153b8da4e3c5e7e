import { InvalidArgumentError } from "../../base/errors.ts";

/** One thing that is wrong in a scenario file; `line` and `column` count from 1, `path` is like `steps/2/expect/exitCode`. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  /** The line with a caret below the place; absent when the file has no such line. */
  readonly excerpt?: string;
}

/** `scenario.yaml:14:7 steps/2/expect/exitCode: must be a number`. */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  return harmless(`${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}`);
}

/** A terminal obeys no key of a hostile file: control characters, and those that turn the direction of writing, are told by their numbers. */
function harmless(text: string): string {
  return text.replaceAll(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A scenario file cannot be used; the message has a line and an excerpt a problem, in the order of the file. */
export class ScenarioError extends InvalidArgumentError {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map((one) => [formatProblem(one), ...(one.excerpt === undefined ? [] : [one.excerpt])].join("\n")).join("\n"), options);
    this.problems = sorted;
  }
}
