import { Option } from "commander";
import { messageOf } from "../../base/errors.ts";
import { mergeReports } from "../report/merge-reports.ts";
import { multiplex } from "../report/multiplexer.ts";
import { readReport } from "../report/read-report.ts";
import type { Report } from "../report/report.ts";
import type { Language } from "../report/reporter.ts";
import { languageOf, newCommand, type NotRun, parse, wantsColors } from "./command-line.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { reporterOf, type ReporterContext, type ReportOptions } from "./reporter-of.ts";
import { parseReporters, placeReporters, type ReporterSpec, type WrittenReporter } from "./reporter-options.ts";
import { reporterOption } from "./run-options.ts";

export interface MergeOptions extends ReportOptions {
  readonly files: readonly string[];
  readonly reporters: readonly ReporterSpec[];
}

const HELP = `
Examples:
  slipway run --shard 1/2 --reporter json=part-1.json
  slipway run --shard 2/2 --reporter json=part-2.json
  slipway merge part-1.json part-2.json --reporter console,junit=junit.xml

The exit code is that of the run as a whole: see slipway run --help.
`;

/** The command with its flags. */
export function mergeCommand(): ReturnType<typeof newCommand> {
  return newCommand("merge", "Make one report of those of several shards.")
    .argument("<files...>", "reports that --reporter json wrote")
    .addOption(reporterOption())
    .option("-o, --output <dir>", "where reports without a file of their own are written: reports")
    .option("-q, --quiet", "only what did not pass, and the totals", false)
    .option("-v, --verbose", "each step too, with what it printed", false)
    .option("--profile", "where the time went", false)
    .addOption(new Option("--lang <language>", "language of texts").choices(["en", "zh"]))
    .option("--no-color", "no colours, on terminals too")
    .addHelpText("after", HELP);
}

/** Reads the words after `slipway merge`. */
export function parseMergeOptions(
  argv: readonly string[],
  terminal: { readonly env: Readonly<Record<string, string | undefined>>; readonly isTerminal: boolean },
): MergeOptions | NotRun {
  const command = mergeCommand();
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const values = command.opts<{
    reporter?: readonly WrittenReporter[];
    output?: string;
    quiet: boolean;
    verbose: boolean;
    profile: boolean;
    lang?: Language;
    color: boolean;
  }>();
  try {
    return {
      files: command.processedArgs[0] as readonly string[],
      reporters: placeReporters(values.reporter ?? parseReporters("console"), values.output ?? "reports"),
      verbosity: values.quiet ? "quiet" : values.verbose ? "verbose" : "normal",
      profile: values.profile,
      slowMs: Infinity,
      language: values.lang ?? languageOf(terminal.env),
      colors: values.color && wantsColors(terminal),
    };
  } catch (error) {
    return { text: `error: ${messageOf(error)}\n(--help says more)\n`, isHelp: false };
  }
}

/** `slipway merge`: one report of several, told to any reporters. */
export async function merge(
  options: MergeOptions,
  context: ReporterContext & { readonly stderr: (text: string) => void },
): Promise<ExitCode> {
  const { stderr } = context;
  let report: Report;
  try {
    report = mergeReports(options.files.map((file) => ({ file, report: readReport(file) })));
  } catch (error) {
    stderr(`${messageOf(error)}\n`);
    return exitCodes.usage;
  }
  let failed = false;
  const reporters = multiplex(
    options.reporters.map((spec) => ({ name: spec.name, reporter: reporterOf(spec, options, { ...context, terminal: null }) })),
    (name, error) => {
      failed = true;
      stderr(`slipway: the reporter ${name} failed: ${messageOf(error)}\n`);
    },
  );
  const { slipwayVersion, seed, scenarios } = report;
  reporters.onRunStart({ slipwayVersion, plans: scenarios, repeat: 1, jobs: 1, seed });
  for (const scenario of scenarios) reporters.onScenarioEnd(scenario);
  await reporters.onRunEnd(report);
  const code = exitCodeOf(report);
  return failed && code === exitCodes.pass ? exitCodes.fault : code;
}
