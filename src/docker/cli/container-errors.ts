import { NotFoundError } from "../../base/errors.ts";
import { describeError, StatusError } from "./cli-errors.ts";

/** Docker's short form for a container that its first look did not find. Other errors pass. */
export function namingContainer(error: unknown, container: string): unknown {
  const missing = error instanceof NotFoundError && error.message.startsWith("No such container");
  return missing ? new StatusError(`Error: No such container: ${container}`) : error;
}

/** What `docker run` prints about an error, and the exit code that tells its kind: 125, 126 not executable, 127 not found. */
export function runError(error: unknown, command: string, withHelp: boolean): StatusError {
  const text = `docker: ${describeError(error).replace(/\.$/, "")}.`;
  return new StatusError(withHelp ? `${text}\nSee 'docker ${command} --help'.` : text, startExitCode(describeError(error)));
}

/** A shell's codes for a program that cannot be started, by the engine's reason. */
export function startExitCode(reason: string): 125 | 126 | 127 {
  if (/executable file not found|no such file or directory|system cannot find the file specified/.test(reason)) return 127;
  return /permission denied|is a directory/i.test(reason) ? 126 : 125;
}
