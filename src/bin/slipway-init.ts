import { join } from "node:path";
import { init, parseInitOptions } from "../harness/cli/init.ts";
import { initExercise, parseInitExerciseOptions } from "../harness/cli/init-exercise.ts";
import { runParsed } from "./run-parsed.ts";

/** `slipway init …`: of a scenario, or of what its first word names. */
export function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === "exercise" || argv[0] === "gradescope") return runParsed(parseInitExerciseOptions(argv), initExercise);
  const schemaFile = join(import.meta.dirname, "../../schemas/scenario.schema.json");
  return runParsed(parseInitOptions(argv), (options, output) => init(options, { ...output, workdir: process.cwd(), schemaFile }));
}
