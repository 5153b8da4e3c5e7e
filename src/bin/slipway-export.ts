import { exportGrades, parseExportOptions } from "../harness/cli/export.ts";
import { runParsed } from "./run-parsed.ts";

/** `slipway export …` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseExportOptions(argv, process.env), (options, output) =>
    exportGrades(options, { ...output, env: process.env, now: () => new Date() }),
  );
}
