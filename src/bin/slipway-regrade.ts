import { parseRegradeOptions } from "../harness/cli/grade-options.ts";
import { regrade } from "../harness/cli/regrade.ts";
import { runParsed } from "./run-parsed.ts";
import { gradeDependencies } from "./slipway-grade.ts";

/** `slipway regrade …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseRegradeOptions(argv, process.env), (options, output) => regrade(options, gradeDependencies(output)));
}
