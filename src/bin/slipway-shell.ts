import { parseShellOptions, shell } from "../harness/cli/shell.ts";
import { runParsed } from "./run-parsed.ts";
import { openTarget } from "./slipway-run.ts";

/** `slipway shell …` */
export function main(argv: readonly string[]): Promise<number> {
  const controller = new AbortController();
  // Ctrl-C is for what runs in the shell; these end it.
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.on(name, () => controller.abort(new Error(`ended by ${name}`)));
  return runParsed(parseShellOptions(argv), (options, output) => shell(options, { ...output, signal: controller.signal, openTarget }));
}
