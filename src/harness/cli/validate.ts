import { messageOf } from "../../base/errors.ts";
import { ScenarioError } from "../scenario/scenario-error.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { newCommand, type NotRun, parse } from "./command-line.ts";
import { isSharedFile } from "../scenario/shared-files.ts";
import { planScenarios } from "../plan/plan-scenario.ts";
import { readScenario } from "../scenario/load.ts";
import { checkSharedFiles, loadPlans } from "./select-scenarios.ts";

export interface ValidateOptions {
  readonly paths: readonly string[];
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  slipway validate                       every scenario below scenarios/
  slipway validate exercises/one/given   a folder, or a file
  slipway validate --json                the problems as JSON, for editors and scripts
  slipway validate - <draft.yaml         a scenario's text on the standard input

Exit codes:
  0  all are well-formed
  2  something is wrong, or there is no scenario
`;

/** Reads the words after `slipway validate`. */
export function parseValidateOptions(argv: readonly string[]): ValidateOptions | NotRun {
  const command = newCommand(
    "validate",
    "Check scenario files, without an engine: `file:line:col path: what is wrong`, all problems at once.",
  )
    .argument("[paths...]", "scenario files, and folders of them; - is the standard input", ["scenarios"])
    .option("--json", "problems as JSON: file, line, column, path, message", false)
    .addHelpText("after", EXAMPLES);
  return parse(command, argv) ?? { paths: command.processedArgs[0] as readonly string[], ...command.opts<{ json: boolean }>() };
}

/** `slipway validate`: says what is wrong with scenario files. */
export async function validate(
  { paths, json }: ValidateOptions,
  {
    stdout,
    stderr,
    stdin,
  }: { readonly stdout: (text: string) => void; readonly stderr: (text: string) => void; readonly stdin: AsyncIterable<Uint8Array> },
): Promise<ExitCode> {
  const tell = (scenarios: number, problems: readonly object[]): void => stdout(`${JSON.stringify({ scenarios, problems }, null, 2)}\n`);
  try {
    const files = paths.filter((path) => path !== "-");
    const scenarios = paths.filter((path) => !isSharedFile(path));
    const named = scenarios.filter((path) => path !== "-");
    const written = files.length < paths.length ? planScenarios(readScenario("<stdin>", await textOf(stdin))) : [];
    const plans = [...written, ...(named.length === 0 ? [] : await loadPlans(named))];
    await checkSharedFiles(files);
    if (json) tell(plans.length, []);
    else if (scenarios.length === 0) stdout("what scenarios share is well-formed\n");
    else stdout(`${plans.length} ${plans.length === 1 ? "scenario is" : "scenarios are"} well-formed\n`);
    return exitCodes.pass;
  } catch (error) {
    if (json && error instanceof ScenarioError) tell(0, error.problems);
    else stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
}

/** More than a scenario may have is not read. */
const MOST_BYTES = 2 * 1024 * 1024;

async function textOf(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    chunks.push(chunk);
    if ((size += chunk.length) > MOST_BYTES) break;
  }
  return Buffer.concat(chunks);
}
