import { list, parseListOptions } from "../harness/cli/list.ts";
import { runParsed } from "./run-parsed.ts";

/** `slipway list …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseListOptions(argv, process.env), list);
}
