import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";
import { goErrno } from "../files/file-streams.ts";

/** Looks whether a secret or a configuration can be read from a file, or from stdin for `-`. @throws StatusError in docker's words. */
export async function checkStoredText(file: string, context: CommandContext): Promise<void> {
  const source = file === "-" ? "STDIN" : file;
  try {
    for await (const chunk of file === "-" ? context.stdin : await context.files.read(file)) {
      if ((chunk as Buffer).length > 0) return;
    }
  } catch (error) {
    throw new StatusError(`error reading from ${source}: open ${source}: ${goErrno(error)}`);
  }
  throw new StatusError(`error reading from ${source}: data is empty`);
}
