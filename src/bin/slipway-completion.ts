import { completionScript, parseCompletionOptions, SHELLS } from "../harness/cli/completion.ts";
import { type NotRun, parse } from "../harness/cli/command-line.ts";
import { parseExerciseOptions } from "../harness/cli/exercise-check.ts";
import { EXPORT_FORMATS, parseExportOptions } from "../harness/cli/export.ts";
import { parseExplainOptions } from "../harness/cli/explain.ts";
import { parseGradeOptions, parseRegradeOptions } from "../harness/cli/grade-options.ts";
import { parseInitOptions } from "../harness/cli/init.ts";
import { parseListOptions } from "../harness/cli/list.ts";
import { parseMergeOptions } from "../harness/cli/merge.ts";
import { parseRunOptions } from "../harness/cli/run-options.ts";
import { parseShellOptions } from "../harness/cli/shell.ts";
import { parseValidateOptions } from "../harness/cli/validate.ts";
import { engineCommand } from "./engine-command.ts";
import { runParsed } from "./run-parsed.ts";
import { SUBCOMMAND_NAMES } from "./subcommand-names.ts";

const ASK = ["--help"];
const TERMINAL = { env: {}, isTerminal: false };
const HELPS: Readonly<Record<string, () => object | NotRun>> = {
  run: () => parseRunOptions(ASK, TERMINAL),
  validate: () => parseValidateOptions(ASK),
  list: () => parseListOptions(ASK, {}),
  explain: () => parseExplainOptions(ASK, TERMINAL),
  merge: () => parseMergeOptions(ASK, TERMINAL),
  init: () => parseInitOptions(ASK),
  shell: () => parseShellOptions(ASK),
  engine: () => parse(engineCommand(), ASK) ?? {},
  grade: () => parseGradeOptions(ASK, {}),
  regrade: () => parseRegradeOptions(ASK, {}),
  export: () => parseExportOptions(ASK, {}),
  exercise: () => parseExerciseOptions(["check", ...ASK]),
};
/** What may be the first word behind the command, where that is no file. */
const WORDS: Readonly<Record<string, readonly string[]>> = { completion: SHELLS, exercise: ["check"], export: EXPORT_FORMATS };

/** `slipway completion SHELL` */
export function main(argv: readonly string[]): Promise<number> {
  return runParsed(parseCompletionOptions(argv), ({ shell }, { stdout }) => {
    const commands = Object.entries(SUBCOMMAND_NAMES).map(([name, short]) => {
      const help = HELPS[name]?.();
      return { name, short, help: help !== undefined && "text" in help ? help.text : "", words: WORDS[name] ?? [] };
    });
    stdout(completionScript(shell, commands));
    return Promise.resolve(0);
  });
}
