import { Option } from "commander";
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import type { Language } from "../report/reporter.ts";
import type { Shard } from "../report/report.ts";
import { parseDuration } from "../scenario/duration.ts";
import { ENGINE_KINDS, type ClientKind, type EngineKind } from "../targets/target.ts";
import { collect, languageOf, newCommand, type NotRun, parse, positive, reading, wantsColors, wholeNumber } from "./command-line.ts";
import { exitCodeTable } from "./exit-codes.ts";
import { parseReporters, placeReporters, REPORTER_NAMES, type ReporterSpec, type WrittenReporter } from "./reporter-options.ts";
import type { Comparison } from "./compare/compare.ts";
import type { Selection } from "./select/select.ts";
import { parseShard } from "./select/shard.ts";
import { parseTagExpression, type TagTest } from "./select/tag-expression.ts";

/** How much the console says: failures alone, a line a scenario, or each step with its output. */
export type Verbosity = "quiet" | "normal" | "verbose";

export interface RunOptions {
  readonly selection: Selection;
  /** What to do with the selected scenarios. */
  readonly mode: "run" | "list" | "dry-run";
  /** `list` and `dry-run` print JSON. */
  readonly json: boolean;
  readonly jobs: number;
  /** How many times each scenario is run. */
  readonly repeat: number;
  /** How many more tries a scenario has that does not pass. */
  readonly retries: number;
  /** Start no more after so many did not pass; null: never stop. */
  readonly maxFailures: number | null;
  /** In place of each scenario's own limit; null: its own. */
  readonly timeoutMs: number | null;
  /** A scenario that takes longer is marked as slow. */
  readonly slowMs: number;
  readonly reporters: readonly ReporterSpec[];
  readonly verbosity: Verbosity;
  /** Say where the time went. */
  readonly profile: boolean;
  readonly engine: EngineKind;
  /** Whose `docker` steps find on their PATH. */
  readonly client: ClientKind;
  readonly keep: boolean;
  readonly passWithNone: boolean;
  /** Run again what changes, until interrupted. */
  readonly watch: boolean;
  /** Rewrite expectations that did not hold. */
  readonly update: boolean;
  /** Run on two engines and compare; null: run on one. */
  readonly compare: Comparison | null;
  readonly language: Language;
  readonly colors: boolean;
}

const HELP = `
Examples:
  slipway run                                   every scenario below scenarios/
  slipway run scenarios/pause.yaml:14 --keep    the scenario at a line; look at its root afterwards
  slipway run --grep commit --grep /^rm-/       by name, title or tag
  slipway run --tags 'images and not slow'      by tags
  slipway run --last-failed --verbose           what did not pass in this folder's last run
  slipway run --since main                      what changed since the branch left main
  slipway run --shard 2/5 --reporter json=part-2.json
  slipway run --retries 2 --reporter console,junit=build/junit.xml 
  slipway run --order random --seed 7           in another order, always the same
  slipway run --compare embedded,dockerd        where do two engines differ?
  DOCKER_HOST=unix:///run/docker.sock slipway run --engine dockerd

Exit codes:
${exitCodeTable()}
`;

/** Reads the words after `slipway run`. Colours and language are the environment's when the line does not say. */
export function parseRunOptions(
  argv: readonly string[],
  terminal: { readonly env: Readonly<Record<string, string | undefined>>; readonly isTerminal: boolean },
): RunOptions | NotRun {
  const command = runCommand();
  const refusal = parse(command, argv);
  if (refusal !== null) return refusal;
  const values = command.opts<Values>();
  // Whoever names a folder for reports wants them there.
  const reporters = values.reporter ?? parseReporters(values.output === undefined ? "console" : "console,junit,json");
  let specs: readonly ReporterSpec[];
  let variables: Readonly<Record<string, string>>;
  try {
    variables = parseVariables(values.var);
    specs = placeReporters(reporters, values.output ?? "reports");
  } catch (error) {
    return { text: `error: ${messageOf(error)}\n(--help says more)\n`, isHelp: false };
  }
  return {
    selection: {
      paths: command.processedArgs[0] as readonly string[],
      filters: [...values.grep, ...values.filter],
      tags: values.tags ?? null,
      lastFailed: values.lastFailed,
      changed: values.changed || values.since !== undefined ? { since: values.since ?? null } : null,
      shard: values.shard ?? null,
      order: values.order,
      seed: values.seed ?? randomInt(2 ** 31),
      variables,
    },
    mode: values.list ? "list" : values.dryRun ? "dry-run" : "run",
    json: values.json,
    jobs: values.jobs,
    repeat: values.repeat,
    retries: values.retries,
    maxFailures: values.failFast ? 1 : (values.maxFailures ?? null),
    timeoutMs: values.timeout ?? null,
    slowMs: values.slow ?? 10_000,
    reporters: specs,
    verbosity: values.quiet ? "quiet" : values.verbose ? "verbose" : "normal",
    profile: values.profile,
    engine: values.engine,
    // Two engines are compared through the same command, or its words would be what differs.
    client: values.client ?? (values.engine === "embedded" || values.compare !== undefined ? "slipway" : "host"),
    keep: values.keep,
    passWithNone: values.passWithNone,
    watch: values.watch,
    update: values.update,
    compare: values.compare === undefined ? null : { engines: values.compare, explainedFile: values.explained ?? null },
    language: values.lang ?? languageOf(terminal.env),
    colors: values.color && wantsColors(terminal),
  };
}

interface Values {
  readonly grep: readonly string[];
  readonly filter: readonly string[];
  readonly tags?: TagTest;
  readonly lastFailed: boolean;
  readonly changed: boolean;
  readonly since?: string;
  readonly shard?: Shard;
  readonly order: "path" | "random";
  readonly seed?: number;
  readonly var: readonly string[];
  readonly list: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly jobs: number;
  readonly repeat: number;
  readonly retries: number;
  readonly failFast: boolean;
  readonly maxFailures?: number;
  readonly timeout?: number;
  readonly slow?: number;
  readonly reporter?: readonly WrittenReporter[];
  readonly output?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly profile: boolean;
  readonly engine: EngineKind;
  readonly client?: ClientKind;
  readonly keep: boolean;
  readonly passWithNone: boolean;
  readonly watch: boolean;
  readonly update: boolean;
  readonly compare?: Comparison["engines"];
  readonly explained?: string;
  readonly lang?: Language;
  readonly color: boolean;
}

/** More than can run at once: of a scenario's time a part is waiting, for what sleeps or is given time to stop. */
const DEFAULT_JOBS = availableParallelism() + 2;

/** The command with its flags; commander's own, so that completion can list them. */
export function runCommand(): ReturnType<typeof newCommand> {
  const toMs = (text: string): number => parseDuration(/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : text);
  const duration = reading(toMs);
  const limit = reading((text) => {
    const ms = toMs(text);
    if (ms === 0) throw new InvalidArgumentError("no scenario can be done in no time");
    return ms;
  });
  return newCommand("run", "Run scenarios and report what they came to.")
    .argument("[paths...]", "scenario files, file:line, and folders of them", ["scenarios"])
    .optionsGroup("Which:")
    .option("-g, --grep <text>", "with this in the name, title or a tag, or /regex/; may be repeated", collect, [])
    .addOption(new Option("-f, --filter <text>").argParser(collect).default([]).hideHelp())
    .option("-t, --tags <expression>", "with such tags: 'a and not (b or c)'", reading(parseTagExpression))
    .option("--last-failed", "that did not pass in this folder's last run", false)
    .option("--changed", "that git sees changed since the last commit", false)
    .option("--since <revision>", "that changed since the branch left this revision")
    .option("--shard <i/n>", "the i-th of n parts; hash:i/n keeps scenarios in their parts", reading(parseShard))
    .option("--pass-with-none", "exit code 0 when nothing is selected", false)
    .optionsGroup("How:")
    .option("-j, --jobs <n>", "scenarios at a time", positive, DEFAULT_JOBS)
    .addOption(new Option("-e, --engine <kind>", "where containers run").choices(ENGINE_KINDS).default("embedded"))
    .addOption(new Option("--client <kind>", "whose docker command steps run; the engine's own when absent").choices(["slipway", "host"]))
    .option("--compare <a,b>", "run on two engines, and tell where what is seen differs", reading(parseEngines))
    .option("--explained <file>", "with --compare: a YAML list of { scenario, where, because }")
    .option("--retries <n>", "more tries for what does not pass; what passes then is flaky", wholeNumber(0, 100), 0)
    .option("--repeat <n>", "run each scenario so many times", positive, 1)
    .option("--fail-fast", "start no more once one did not pass", false)
    .addOption(new Option("--max-failures <n>", "start no more once so many did not pass").argParser(positive))
    .option("--timeout <time>", "each scenario's limit, in place of its own: 90s, 2m", limit)
    .addOption(new Option("--order <how>", "the order they start in").choices(["path", "random"]).default("path"))
    .option("--seed <n>", "of the order, and of what scenarios draw by chance", wholeNumber(0, 2 ** 31 - 1))
    .option("--var <name=value>", "sets a variable of scenarios, above all that they say; may be repeated", collect, [])
    .option("-k, --keep", "keep each scenario's root, and say where it is", false)
    .option("-w, --watch", "run again what changes, until Ctrl-C", false)
    .option("-u, --update", "rewrite expectations that did not hold to what was seen, and keep comments", false)
    .option("--list", "only say which would be run", false)
    .option("--dry-run", "only say what would be done", false)
    .optionsGroup("Reports:")
    .addOption(reporterOption())
    .option("-o, --output <dir>", "where reports without a file of their own are written: reports")
    .option("-q, --quiet", "only what did not pass, and the totals", false)
    .option("-v, --verbose", "each step too, with what it printed", false)
    .option("--profile", "where the time went", false)
    .option("--slow <time>", "mark scenarios that take longer; default 10s", duration)
    .option("--json", "with --list or --dry-run: as JSON", false)
    .addOption(new Option("--lang <language>", "language of texts").choices(["en", "zh"]))
    .option("--no-color", "no colours, on terminals too")
    .addHelpText("after", HELP);
}

function parseEngines(text: string): Comparison["engines"] {
  const isKind = (name: string | undefined): name is EngineKind => ENGINE_KINDS.some((kind) => kind === name);
  const [first, second, ...more] = text.split(",").map((name) => name.trim());
  if (!isKind(first) || !isKind(second) || first === second || more.length > 0) {
    throw new InvalidArgumentError(`It must be two of ${ENGINE_KINDS.join(", ")}, with a comma between them.`);
  }
  return [first, second];
}

/** `--reporter`, which may be repeated. */
export function reporterOption(): Option {
  return new Option("-r, --reporter <names>", `${REPORTER_NAMES.join(", ")}; with commas; name=file, name=- for stdout`).argParser(
    (text: string, before?: readonly WrittenReporter[]) => [...(before ?? []), ...reading(parseReporters)(text)],
  );
}

/** `NAME=value` words as a map. @throws InvalidArgumentError for what is none. */
function parseVariables(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined) throw new InvalidArgumentError(`--var takes NAME=value, not ${JSON.stringify(word)}`);
      return [name, value];
    }),
  );
}
