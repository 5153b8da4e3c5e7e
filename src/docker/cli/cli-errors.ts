import { SlipwayError, messageOf } from "../../base/errors.ts";

/** A command line that cannot be understood; `main` adds the usage line and `Run 'docker … --help' for more information`, and exits 125, as docker does. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Ends a command with this exit code; a message, when there is one, goes to stderr as it is. */
export class StatusError extends Error {
  override name = "StatusError";
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * What docker prints about an error: what the engine answered stands behind `Error response from daemon: `.
 * Of the client's errors only those about the connection have a cause.
 */
export function describeError(error: unknown): string {
  return error instanceof SlipwayError && error.cause === undefined
    ? `Error response from daemon: ${error.message.trim()}`
    : messageOf(error);
}

/** The code a command ends with when it threw `error`. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof StatusError) return error.exitCode;
  return error instanceof UsageError ? 125 : 1;
}
