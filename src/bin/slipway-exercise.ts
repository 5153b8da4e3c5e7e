import { checkExerciseFolder, parseExerciseOptions } from "../harness/cli/exercise-check.ts";
import { interruptSignal } from "./interrupt-signal.ts";
import { runParsed } from "./run-parsed.ts";
import { openTarget } from "./slipway-run.ts";

/** `slipway exercise check …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseExerciseOptions(argv), (options, output) =>
    checkExerciseFolder(options, { ...output, signal: interruptSignal(), openTarget }),
  );
}
