import { Option } from "commander";
import { closest } from "../scenario/closest.ts";
import { displayName } from "../report/display-name.ts";
import type { Report, ScenarioResult } from "../report/report.ts";
import type { Language } from "../report/reporter.ts";
import { scenarioLines } from "../report/scenario-lines.ts";
import { linesOfFiles } from "../report/source-excerpt.ts";
import { languageOf, newCommand, type NotRun, parse, wantsColors } from "./command-line.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { LastRun } from "./select/last-run.ts";

export interface ExplainOptions {
  /** A scenario's name, or a part of it; null: all that did not pass. */
  readonly name: string | null;
  readonly json: boolean;
  readonly language: Language;
  readonly colors: boolean;
}

const HELP = `
Examples:
  slipway explain            everything that did not pass in this folder's last run
  slipway explain pause      one scenario, passed or not, with each step and what it printed
  slipway explain --json | jq '.[].checks[] | select(.outcome == "fail")'
`;
const MEANINGS = {
  en: {
    fail: "fail: what the scenario's author expects is not so. That is for whoever wrote what is tested to mend.",
    error: "error: the engine or the host is at fault, so that it could not be judged. No points are lost.",
    next: "to look at its files afterwards",
  },
  zh: {
    fail: "失败：结果不符合场景作者的期望，由被测内容的作者修正。",
    error: "错误：引擎或主机有问题，无法评判，不扣分。",
    next: "保留其文件以便查看",
  },
} as const;

/** Reads the words after `slipway explain`. */
export function parseExplainOptions(
  argv: readonly string[],
  terminal: { readonly env: Readonly<Record<string, string | undefined>>; readonly isTerminal: boolean },
): ExplainOptions | NotRun {
  const command = newCommand("explain", "Say once more, and at length, what did not pass in this folder's last run.")
    .argument("[name]", "a scenario's name, or a part of it")
    .option("--json", "as JSON, as in the json report", false)
    .addOption(new Option("--lang <language>", "language of texts").choices(["en", "zh"]))
    .option("--no-color", "no colours, on terminals too")
    .addHelpText("after", HELP);
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const { json, lang, color } = command.opts<{ json: boolean; lang?: Language; color: boolean }>();
  const name = command.processedArgs[0] as string | undefined;
  return { name: name ?? null, json, language: lang ?? languageOf(terminal.env), colors: color && wantsColors(terminal) };
}

/** `slipway explain`: the last run's failures, from what is remembered of it. */
export async function explainLastRun(
  { name, json, language, colors }: ExplainOptions,
  context: {
    readonly stdout: (text: string) => void;
    readonly stderr: (text: string) => void;
    readonly workdir: string;
    readonly stateFolder: string;
  },
): Promise<ExitCode> {
  const report = await new LastRun(context.stateFolder, context.workdir).read();
  if (report === null) {
    context.stderr("no run in this folder is remembered\n");
    return exitCodes.nothing;
  }
  const chosen = choose(report, name);
  if (chosen.length === 0) {
    context.stderr(
      name === null ? "everything passed in the last run\n" : `no scenario of the last run is called ${name}${meantBy(name, report)}\n`,
    );
    return name === null ? exitCodes.pass : exitCodes.nothing;
  }
  if (json) {
    context.stdout(`${JSON.stringify(chosen, null, 2)}\n`);
    return exitCodes.pass;
  }
  const words = MEANINGS[language];
  const linesOf = linesOfFiles();
  for (const result of chosen) {
    context.stdout(`${scenarioLines(result, { language, colors, verbosity: "verbose", linesOf }).join("\n")}\n`);
    if (result.outcome !== "fail" && result.outcome !== "error") continue;
    context.stdout(`    ${words[result.outcome]}\n`);
    if (result.reproduce !== null) context.stdout(`    ${words.next}: ${result.reproduce} --keep\n`);
  }
  return exitCodes.pass;
}

function meantBy(name: string, { scenarios }: Report): string {
  const meant = closest(
    name,
    scenarios.map((result) => result.name),
  );
  return meant === null ? "" : `; did you mean ${meant}?`;
}

function choose({ scenarios }: Report, name: string | null): readonly ScenarioResult[] {
  if (name === null) return scenarios.filter(({ outcome }) => outcome !== "pass" && outcome !== "skip");
  const exact = scenarios.filter((result) => result.name === name || displayName(result) === name);
  return exact.length > 0 ? exact : scenarios.filter((result) => displayName(result).includes(name));
}
