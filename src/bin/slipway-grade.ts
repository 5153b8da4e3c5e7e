import { join } from "node:path";
import { slipwayVersion } from "../docker/cli/version-line.ts";
import { grade, type GradeDependencies } from "../harness/cli/grade.ts";
import { parseGradeOptions } from "../harness/cli/grade-options.ts";
import { interruptSignal } from "./interrupt-signal.ts";
import { type Output, runParsed } from "./run-parsed.ts";
import { openTarget } from "./slipway-run.ts";

/** `slipway grade …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseGradeOptions(argv, process.env), (options, output) => grade(options, gradeDependencies(output)));
}

/** What grading needs of this process. */
export function gradeDependencies(output: Output): GradeDependencies {
  return {
    ...output,
    terminal: process.stdout.isTTY ? { write: output.stdout, columns: () => process.stdout.columns || 80 } : null,
    signal: interruptSignal(),
    slipwayVersion: slipwayVersion(),
    now: () => new Date(),
    openTarget,
    ownFolder: join(import.meta.dirname, "../.."),
  };
}
