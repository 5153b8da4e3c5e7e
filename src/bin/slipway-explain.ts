import { explainLastRun, parseExplainOptions } from "../harness/cli/explain.ts";
import { runParsed } from "./run-parsed.ts";
import { runsFolder } from "./slipway-run.ts";

/** `slipway explain …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseExplainOptions(argv, { env: process.env, isTerminal: process.stdout.isTTY }), (options, output) =>
    explainLastRun(options, { ...output, workdir: process.cwd(), stateFolder: runsFolder() }),
  );
}
