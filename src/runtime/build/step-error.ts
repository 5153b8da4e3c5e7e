import { InternalError } from "../../base/errors.ts";

/** A program of RUN failed; the client exits with its code. */
export class StepError extends InternalError {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
