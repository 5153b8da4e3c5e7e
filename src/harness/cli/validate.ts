import { messageOf } from "../../base/errors.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { newCommand, type NotRun, parse } from "./command-line.ts";
import { loadPlans } from "./select-scenarios.ts";

/** Reads the words after `slipway validate`. */
export function parseValidateOptions(argv: readonly string[]): { readonly paths: readonly string[] } | NotRun {
  const command = newCommand(
    "validate",
    "Check scenario files without running them: exit code 0, or 2 with `file:line:col path: what is wrong`.",
  );
  command.argument("[paths...]", "scenario files, and folders of them", ["scenarios"]);
  return parse(command, argv) ?? { paths: command.processedArgs[0] as readonly string[] };
}

/** `slipway validate`: says what is wrong with scenario files. */
export async function validate(
  { paths }: { readonly paths: readonly string[] },
  { stdout, stderr }: { readonly stdout: (text: string) => void; readonly stderr: (text: string) => void },
): Promise<ExitCode> {
  try {
    const plans = await loadPlans(paths);
    stdout(`${plans.length} ${plans.length === 1 ? "scenario is" : "scenarios are"} well-formed\n`);
    return exitCodes.pass;
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
}
