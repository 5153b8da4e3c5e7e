import { Command, CommanderError, InvalidArgumentError as CommanderArgumentError, Option } from "commander";
import { availableParallelism } from "node:os";
import type { Language } from "../report/reporter.ts";
import type { ClientKind, EngineKind } from "../targets/target.ts";

export const REPORTER_NAMES = ["console", "junit", "json"] as const;
export type ReporterName = (typeof REPORTER_NAMES)[number];

export interface RunOptions {
  readonly paths: readonly string[];
  readonly jobs: number;
  readonly reporters: readonly ReporterName[];
  /** Folder of junit.xml and report.json. */
  readonly output: string;
  readonly engine: EngineKind;
  /** Whose `docker` steps find on their PATH. */
  readonly client: ClientKind;
  readonly keep: boolean;
  readonly filters: readonly string[];
  readonly failFast: boolean;
  readonly language: Language;
  readonly colors: boolean;
}

/** Help was asked for, or the line is wrong: `text` is to be printed, on stderr when it is wrong. */
export interface NotRun {
  readonly text: string;
  readonly isHelp: boolean;
}

const EXAMPLES = `
Examples:
  slipway run                                   every scenario below scenarios/
  slipway run scenarios/lifecycle.yaml --keep   one scenario; look at its root afterwards
  slipway run --filter commit --filter /^rm-/   by name or tag
  slipway run --reporter console,junit --output reports
  slipway run --engine dockerd                  the same against a real dockerd
  DOCKER_HOST=unix:///run/docker.sock slipway run --engine dockerd

Exit codes:
  0  every scenario passed or was skipped
  1  a scenario failed
  2  a scenario file or the command line is wrong; nothing was run
  3  the engine or the host is at fault
  130  interrupted
`;

/** Reads the words after `slipway run`. Colours and language are the environment's when the line does not say. */
export function parseRunOptions(
  argv: readonly string[],
  terminal: { readonly env: Readonly<Record<string, string | undefined>>; readonly isTerminal: boolean },
): RunOptions | NotRun {
  const command = newCommand("run", "Run scenarios and report what they came to.")
    .argument("[paths...]", "scenario files, and folders of them", ["scenarios"])
    .option("-j, --jobs <n>", "scenarios at a time", positive, availableParallelism())
    .option("-r, --reporter <names>", `${REPORTER_NAMES.join(", ")}; a list with commas`, reporterNames)
    .option("-o, --output <dir>", "write junit.xml and report.json here")
    .addOption(new Option("-e, --engine <kind>", "where containers run").choices(["embedded", "dockerd"]).default("embedded"))
    .addOption(new Option("--client <kind>", "whose docker command steps run; the engine's own when absent").choices(["slipway", "host"]))
    .option("-k, --keep", "keep each scenario's root, and say where it is", false)
    .option("-f, --filter <text>", "only those with this in their name or a tag, or /regex/; may be repeated", collect, [])
    .option("--fail-fast", "start no more once one failed", false)
    .addOption(new Option("--lang <language>", "language of texts").choices(["en", "zh"]))
    .option("--no-color", "no colours, on terminals too")
    .addHelpText("after", EXAMPLES);
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const values = command.opts<{
    jobs: number;
    reporter?: readonly ReporterName[];
    output?: string;
    engine: EngineKind;
    client?: ClientKind;
    keep: boolean;
    filter: readonly string[];
    failFast: boolean;
    lang?: Language;
    color: boolean;
  }>();
  const paths = command.processedArgs[0] as readonly string[];
  return {
    paths,
    jobs: values.jobs,
    // Whoever names a folder for reports wants them there.
    reporters: values.reporter ?? (values.output === undefined ? ["console"] : REPORTER_NAMES),
    output: values.output ?? "reports",
    engine: values.engine,
    client: values.client ?? (values.engine === "embedded" ? "slipway" : "host"),
    keep: values.keep,
    filters: values.filter,
    failFast: values.failFast,
    language: values.lang ?? languageOf(terminal.env),
    colors: values.color && wantsColors(terminal),
  };
}

/** A command of slipway that prints nothing and ends nothing itself. */
export function newCommand(name: string, description: string): Command {
  return new Command(`slipway ${name}`).description(description).exitOverride().showHelpAfterError("(--help says more)");
}

/** Parses; null when it is to be run. */
export function parse(command: Command, argv: readonly string[]): NotRun | null {
  let text = "";
  command.configureOutput({ writeOut: (part) => void (text += part), writeErr: (part) => void (text += part) });
  try {
    command.parse([...argv], { from: "user" });
    return null;
  } catch (error) {
    if (error instanceof CommanderError) return { text, isHelp: error.exitCode === 0 };
    throw error;
  }
}

/** `zh` when the environment's language is Chinese. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  return (env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "").startsWith("zh") ? "zh" : "en";
}

/** As https://no-color.org and https://force-color.org ask. */
export function wantsColors({ env, isTerminal }: { env: Readonly<Record<string, string | undefined>>; isTerminal: boolean }): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0") return true;
  return isTerminal && env["TERM"] !== "dumb";
}

/** Reads an option's number, 1 to 1000. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1000) throw new CommanderArgumentError("It must be a number from 1 to 1000.");
  return value;
}

function reporterNames(text: string): readonly ReporterName[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (!REPORTER_NAMES.includes(name as ReporterName)) {
      throw new CommanderArgumentError(`There is no reporter ${JSON.stringify(name)}; there are ${REPORTER_NAMES.join(", ")}.`);
    }
  }
  return [...new Set(names)] as ReporterName[];
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
