import type { NotRun } from "../harness/cli/command-line.ts";
import { watchOutput } from "./lost-output.ts";

/** Where a command prints. */
export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Runs a command with its options, printing to this process's streams, or prints why it is not run: help, exit code 0, or a wrong line, 2. */
export async function runParsed<Options extends object>(
  options: Options | NotRun,
  command: (options: Options, output: Output) => Promise<number>,
): Promise<number> {
  watchOutput();
  if ("isHelp" in options) {
    (options.isHelp ? process.stdout : process.stderr).write(options.text);
    return options.isHelp ? 0 : 2;
  }
  return await command(options, {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
  });
}
