import { merge, parseMergeOptions } from "../harness/cli/merge.ts";
import { runParsed } from "./run-parsed.ts";

/** `slipway merge …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseMergeOptions(argv, { env: process.env, isTerminal: process.stdout.isTTY }), (options, output) =>
    merge(options, { ...output, terminal: null, env: process.env }),
  );
}
