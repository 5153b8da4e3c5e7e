import { InvalidArgumentError } from "../../base/errors.ts";
import type { Heredoc } from "../../oci/dockerfile/split-instructions.ts";

/** One instruction. */
export interface Command {
  /** In capitals. */
  readonly keyword: string;
  /** `--from=x` as `["from", "x"]`. */
  readonly flags: ReadonlyMap<string, string>;
  /** The values of RUN's `--mount`, which may stand there often. */
  readonly mounts: readonly string[];
  /** The values of `--exclude` of COPY and ADD, which may stand there often. */
  readonly excludes: readonly string[];
  /** What is behind keyword and flags, continuations joined; of RUN with here-documents the whole script. */
  readonly text: string;
  /** The whole of it on one line, as the step's title has it. */
  readonly original: string;
  readonly heredocs: readonly Heredoc[];
  /** A script of RUN that is a file of its own, for it begins with `#!`. */
  readonly scriptFile: Heredoc | null;
  /** Counted from 1. */
  readonly line: number;
  readonly endLine: number;
}

/** What is wrong with a Dockerfile, and where: lines are counted from 1. */
export class LocatedError extends InvalidArgumentError {
  readonly start: number;
  readonly end: number;

  constructor(message: string, place: { readonly start: number; readonly end: number }, options?: ErrorOptions) {
    super(message, options);
    this.start = place.start;
    this.end = place.end;
  }
}

/** The error with its place in front, in dockerd's words. */
export function atLine(line: number, error: Error): LocatedError {
  return new LocatedError(`dockerfile parse error line ${line}: ${error.message}`, { start: line, end: line }, { cause: error });
}
