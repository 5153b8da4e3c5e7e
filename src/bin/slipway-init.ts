import { join } from "node:path";
import { init, parseInitOptions } from "../harness/cli/init.ts";
import { runParsed } from "./run-parsed.ts";

/** `slipway init …` */
export function main(argv: readonly string[]): Promise<number> {
  const schemaFile = join(import.meta.dirname, "../../schemas/scenario.schema.json");
  return runParsed(parseInitOptions(argv), (options, output) => init(options, { ...output, workdir: process.cwd(), schemaFile }));
}
