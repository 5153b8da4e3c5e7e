import { describeError, StatusError } from "../cli-errors.ts";

/** What `docker run` prints about what the engine refused, and the exit code that tells its kind: 125, 126 not executable, 127 not found. */
export function runError(error: unknown): StatusError {
  const reason = describeError(error);
  return withHelp(reason, "run", startExitCode(reason));
}

/** What `docker run` and `create` print about flags that they refuse themselves. */
export function flagError(error: unknown, command: "run" | "create"): StatusError {
  return withHelp(describeError(error), command, 125);
}

function withHelp(reason: string, command: string, exitCode: number): StatusError {
  return new StatusError(`docker: ${reason}\n\nRun 'docker ${command} --help' for more information`, exitCode);
}

/** A shell's codes for a program that cannot be started, by the engine's reason. */
export function startExitCode(reason: string): 125 | 126 | 127 {
  if (/executable file not found|no such file or directory|system cannot find the file specified/.test(reason)) return 127;
  return /permission denied|is a directory/i.test(reason) ? 126 : 125;
}
