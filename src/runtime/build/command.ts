import { InvalidArgumentError } from "../../base/errors.ts";

/** One instruction. */
export interface Command {
  /** In capitals. */
  readonly keyword: string;
  /** `--from=x` as `["from", "x"]`. */
  readonly flags: ReadonlyMap<string, string>;
  /** What is behind keyword and flags, continuations joined. */
  readonly text: string;
  /** The whole of it on one line, as the step's title has it. */
  readonly original: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The error with its place in front, in dockerd's words. */
export function atLine(line: number, error: Error): InvalidArgumentError {
  return new InvalidArgumentError(`dockerfile parse error line ${line}: ${error.message}`, { cause: error });
}
