import { parseValidateOptions, validate } from "../harness/cli/validate.ts";
import { runParsed } from "./run-parsed.ts";

/** `slipway validate …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseValidateOptions(argv), (options, output) => validate(options, { ...output, stdin: process.stdin }));
}
