import { Option } from "commander";
import { messageOf } from "../../base/errors.ts";
import type { Language } from "../report/reporter.ts";
import { collect, languageOf, newCommand, type NotRun, parse, reading } from "./command-line.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { planJson, planTable } from "./print-plans.ts";
import { NothingSelectedError, type Selection, selectScenarios } from "./select/select.ts";
import { parseTagExpression, type TagTest } from "./select/tag-expression.ts";

export interface ListOptions {
  readonly selection: Selection;
  readonly json: boolean;
  readonly language: Language;
}

const EXAMPLES = `
Examples:
  slipway list
  slipway list scenarios/04-images --tags 'not slow'
  slipway list --json | jq -r '.[].name'
`;

/** Reads the words after `slipway list`. */
export function parseListOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ListOptions | NotRun {
  const command = listCommand();
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const { grep, filter, tags, json, lang } = command.opts<{
    grep: readonly string[];
    filter: readonly string[];
    tags?: TagTest;
    json: boolean;
    lang?: Language;
  }>();
  const paths = command.processedArgs[0] as readonly string[];
  return {
    selection: {
      paths,
      filters: [...grep, ...filter],
      tags: tags ?? null,
      lastFailed: false,
      changed: null,
      shard: null,
      order: "path",
      seed: 0,
    },
    json,
    language: lang ?? languageOf(env),
  };
}

/** The command with its flags. */
export function listCommand(): ReturnType<typeof newCommand> {
  return newCommand("list", "List scenarios: name, points, tags, title.")
    .argument("[paths...]", "scenario files, file:line, and folders of them", ["scenarios"])
    .option("-g, --grep <text>", "with this in the name, title or a tag, or /regex/; may be repeated", collect, [])
    .addOption(new Option("-f, --filter <text>").argParser(collect).default([]).hideHelp())
    .option("-t, --tags <expression>", "with such tags: 'a and not (b or c)'", reading(parseTagExpression))
    .option("--json", "as JSON", false)
    .addOption(new Option("--lang <language>", "language of texts").choices(["en", "zh"]))
    .addHelpText("after", EXAMPLES);
}

/** `slipway list`: a line a scenario, in columns. */
export async function list(
  { selection, json, language }: ListOptions,
  { stdout, stderr }: { readonly stdout: (text: string) => void; readonly stderr: (text: string) => void },
): Promise<ExitCode> {
  try {
    const plans = await selectScenarios(selection, { workdir: process.cwd(), lastReport: () => Promise.resolve(null) });
    stdout(json ? planJson(plans, false) : planTable(plans, language));
    return exitCodes.pass;
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return error instanceof NothingSelectedError ? exitCodes.nothing : exitCodes.usage;
  }
}
