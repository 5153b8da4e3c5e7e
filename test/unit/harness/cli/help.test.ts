import { expect, test } from "vitest";
import { parseExerciseOptions } from "../../../../src/harness/cli/exercise-check.ts";
import { parseExplainOptions } from "../../../../src/harness/cli/explain.ts";
import { parseExportOptions } from "../../../../src/harness/cli/export.ts";
import { parseGradeOptions, parseRegradeOptions } from "../../../../src/harness/cli/grade-options.ts";
import { parseInitOptions } from "../../../../src/harness/cli/init.ts";
import { parseInitExerciseOptions } from "../../../../src/harness/cli/init-exercise.ts";
import { parseListOptions } from "../../../../src/harness/cli/list.ts";
import { parseMergeOptions } from "../../../../src/harness/cli/merge.ts";
import { parseRunOptions } from "../../../../src/harness/cli/run-options.ts";
import { parseShellOptions } from "../../../../src/harness/cli/shell.ts";
import { parseValidateOptions } from "../../../../src/harness/cli/validate.ts";

const terminal = { env: {}, isTerminal: false };
const commands: Readonly<Record<string, (argv: readonly string[]) => object>> = {
  run: (argv) => parseRunOptions(argv, terminal),
  validate: parseValidateOptions,
  list: (argv) => parseListOptions(argv, {}),
  explain: (argv) => parseExplainOptions(argv, terminal),
  merge: (argv) => parseMergeOptions(argv, terminal),
  init: (argv) => (/^(?:exercise|gradescope)$/.test(argv[0] ?? "") ? parseInitExerciseOptions(argv) : parseInitOptions(argv)),
  shell: parseShellOptions,
  grade: (argv) => parseGradeOptions(argv, {}),
  regrade: (argv) => parseRegradeOptions(argv, {}),
  export: (argv) => parseExportOptions(argv, {}),
  exercise: (argv) => parseExerciseOptions(argv),
};

/** The words of an example's command: up to what it says behind two blanks, a pipe or a redirection. */
function wordsOf(line: string): readonly string[] {
  const [command = ""] = line.split(/ {2,}| \||<| && /);
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? plain);
}

test.each(Object.entries(commands))("the help of slipway %s has examples, and takes each of them", (name, parse) => {
  const help = parse(name === "exercise" ? ["check", "--help"] : ["--help"]) as { readonly text: string };
  const [, examples = ""] = /^Examples?:\n((?: {2}.*\n)+)/m.exec(help.text) ?? [];
  const lines = [...examples.matchAll(/^ {2}(?:[A-Z_]+=\S+ )*slipway (\S+) ?(.*)$/gm)].filter(([, command]) => command === name);
  expect(lines.length).toBeGreaterThan(0);
  // What is refused comes back as a text to print.
  for (const [line, , rest = ""] of lines) expect.soft(parse(wordsOf(rest)), line).not.toHaveProperty("text");
});
