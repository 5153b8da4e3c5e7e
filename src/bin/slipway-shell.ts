import { parseShellOptions, shell } from "../harness/cli/shell.ts";
import { interruptSignal } from "./interrupt-signal.ts";
import { leaveHungTerminal } from "./lost-output.ts";
import { runParsed } from "./run-parsed.ts";
import { openTarget } from "./slipway-run.ts";

/** `slipway shell …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseShellOptions(argv), (options, output) => {
    // It is the shell that is told of the terminal's end.
    leaveHungTerminal();
    let isTyping = false;
    const signal = interruptSignal(() => isTyping);
    return shell(options, { ...output, signal, onShell: (isThere) => (isTyping = isThere), openTarget });
  });
}
