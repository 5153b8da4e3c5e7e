import { messageOf } from "../../base/errors.ts";
import type { UnixClient } from "../client/unix-client.ts";
import { argumentCountComplaint } from "./flags/argument-count.ts";
import { describeError, exitCodeOf, StatusError, UsageError } from "./cli-errors.ts";
import type { Command, CommandContext } from "./command.ts";
import { commands, groups, type CommandEntry, type CommandGroup } from "./command-table.ts";
import { globalFlags } from "./flags/global-flags.ts";
import { parseFlags } from "./flags/parse-flags.ts";

/** What the program around the command line gives it. */
export interface Surroundings extends Omit<CommandContext, "commandPath" | "client" | "host"> {
  /** The address to speak to when neither `-H` nor DOCKER_HOST says one; may start an engine. */
  defaultHost(): Promise<string>;
  connect(host: string): Promise<UnixClient>;
}

/** What logs of the client may be asked for; it writes none. */
const LEVELS = new Set(["trace", "debug", "info", "warn", "warning", "error", "fatal", "panic", ""]);

/**
 * Runs one docker command line, without the leading `docker`.
 * @returns the exit code; errors were printed in docker's words.
 * @throws what {@link CommandContext.ownProcess} throws, for a global flag that needs it.
 */
export async function runDocker(argv: readonly string[], around: Surroundings): Promise<number> {
  let parsed;
  try {
    parsed = parseFlags(argv, globalFlags(around.configFolder), false);
  } catch (error) {
    return wrongGlobalFlag(error, around);
  }
  const { flags, args, help } = parsed;
  if (help !== "no") return print(around.stdout, await topHelpText(around));
  if (flags.version) return print(around.stdout, `${(await import("./version-line.ts")).versionLine()}\n`);
  if (!LEVELS.has(flags["log-level"])) return print(around.stderr, `Unable to parse logging level: ${flags["log-level"]}\n`, 1);
  if (args.length === 0) return print(around.stderr, await topHelpText(around));

  if (flags.config !== "") around.ownProcess();
  const host = hostFrom(flags.host, flags.context, around);
  const context = (commandPath: string): CommandContext => {
    let client: Promise<UnixClient> | undefined;
    return {
      // Node opens its standard streams when they are first used, which takes a while: most commands never read.
      get stdin() {
        return around.stdin;
      },
      get stdout() {
        return around.stdout;
      },
      get stderr() {
        return around.stderr;
      },
      signal: around.signal,
      env: around.env,
      cwd: around.cwd,
      files: around.files,
      ownProcess: () => around.ownProcess(),
      onSignal: (name, handler) => around.onSignal(name, handler),
      commandPath,
      configFolder: flags.config || around.configFolder,
      host,
      client: () => (client ??= host().then((address) => around.connect(address))),
    };
  };
  return dispatch(args, context, around);
}

async function dispatch(words: readonly string[], contextOf: (path: string) => CommandContext, around: Surroundings): Promise<number> {
  const [first = "", second, ...others] = words;
  if (first === "help") return help(words.slice(1), around);
  if (first === "__complete") {
    return (await import("./complete.ts")).complete(words.slice(1), { commands, groups }, contextOf(first));
  }
  const entry = findEntry(commands, first);
  if (entry) return runEntry(entry, entry.name, words.slice(1), contextOf(entry.name));
  const group = groups.find(({ name }) => name === first);
  if (!group) return unknownCommand(words, around);
  if (second === undefined) return print(around.stderr, await groupHelpText(group));
  if (second === "--help") return print(around.stdout, await groupHelpText(group));
  const inner = findEntry(group.commands, second);
  if (!inner) {
    const usage = `\n\nUsage:  docker ${first}${first === "volume" ? " COMMAND" : ""}\n\n${moreInformation(`docker ${first}`)}`;
    const flag = words.slice(1).find((word) => word.startsWith("-"));
    if (flag !== undefined) return print(around.stderr, unknownFlag(flag) + usage, 125);
    return print(around.stderr, `docker: unknown command: docker ${first} ${second}${usage}`, 1);
  }
  const path = `${group.name} ${inner.name}`;
  return runEntry(inner, path, others, contextOf(path));
}

/** Flags behind a word that is no command are docker's own. */
async function unknownCommand(words: readonly string[], around: Surroundings): Promise<number> {
  const [first = "", second = ""] = words;
  if (first === "checkpoint") {
    const shown = { create: "create", ls: "ls", list: "ls", rm: "rm", remove: "rm" }[second];
    const path = shown === undefined ? first : `${first} ${shown}`;
    const text = `docker ${path} is only supported on a Docker daemon with experimental features enabled\n`;
    return words.includes("--help") ? print(around.stdout, text) : print(around.stderr, text, 1);
  }
  let parsed;
  try {
    parsed = parseFlags(words, globalFlags(around.configFolder), true);
  } catch (error) {
    return wrongGlobalFlag(error, around);
  }
  if (parsed.help !== "no") {
    if (parsed.help === "short") around.stdout.write("Flag shorthand -h has been deprecated, use --help\n");
    return print(around.stdout, await topHelpText(around));
  }
  if (parsed.flags.version) return print(around.stdout, `${(await import("./version-line.ts")).versionLine()}\n`);
  return print(around.stderr, `docker: unknown command: docker ${first}\n\n${moreInformation("docker")}`, 1);
}

function wrongGlobalFlag(error: unknown, around: Surroundings): number {
  const usage = `\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\n${moreInformation("docker")}`;
  return print(around.stderr, describeError(error) + usage, exitCodeOf(error));
}

async function runEntry(entry: CommandEntry, path: string, argv: readonly string[], context: CommandContext): Promise<number> {
  try {
    const { command } = await entry.load();
    const options = parseFlags(argv, command.flags, command.interspersed ?? true);
    if (options.help !== "no") {
      if (options.help === "short") context.stdout.write("Flag shorthand -h has been deprecated, use --help\n");
      return print(context.stdout, await commandHelpText(path, entry, command, context));
    }
    const complaint = argumentCountComplaint(command.args, options.args.length);
    if (complaint !== null && command.args.plainly === true) {
      return print(context.stderr, `accepts ${command.args.min} arg(s), received ${options.args.length}\n`, 1);
    }
    if (complaint !== null) {
      const more = moreInformation(
        `docker ${path}`,
        complaint.startsWith("requires at least") && command.args.max === undefined ? "See" : "Run",
      );
      return print(context.stderr, `docker: 'docker ${path}' ${complaint}\n\n${await usageText(path, command)}\n\n${more}`, 1);
    }
    return await command.run(options, context);
  } catch (error) {
    if (error instanceof UsageError) {
      const { command } = await entry.load();
      context.stderr.write(`${error.message}\n\n${await usageText(path, command)}\n\n${moreInformation(`docker ${path}`)}`);
    } else if (!(error instanceof StatusError) || error.message !== "") context.stderr.write(`${describeError(error)}\n`);
    return exitCodeOf(error);
  }
}

async function help(words: readonly string[], around: Surroundings): Promise<number> {
  const [first, second] = words;
  if (first === undefined) return print(around.stdout, await topHelpText(around));
  const group = groups.find(({ name }) => name === first);
  if (group && second === undefined) return print(around.stdout, await groupHelpText(group));
  const entry = group ? findEntry(group.commands, second ?? "") : findEntry(commands, first);
  const beyond = words.slice(entry ? (group ? 2 : 1) : group ? 1 : 0);
  if (!entry || beyond.length > 0) return print(around.stderr, `unknown help topic: ${beyond.join(" ")}\n`, 1);
  const path = group ? `${group.name} ${entry.name}` : entry.name;
  return print(around.stdout, await commandHelpText(path, entry, (await entry.load()).command, around));
}

function findEntry(entries: readonly CommandEntry[], name: string): CommandEntry | undefined {
  return entries.find((entry) => entry.name === name || (entry.aliases?.includes(name) ?? false));
}

const NO_ENDPOINT = "Failed to initialize: unable to resolve docker endpoint";

/** Docker's order: `-H`, then DOCKER_HOST, which the default context stands for too, then the default. */
function hostFrom(hosts: readonly string[], contextName: string, around: Surroundings): () => Promise<string> {
  return async () => {
    if (hosts.length > 1) throw new StatusError(`${NO_ENDPOINT}: Specify only one -H`);
    if (hosts[0] !== undefined && contextName !== "")
      throw new StatusError("conflicting options: cannot specify both --host and --context");
    if (contextName !== "" && contextName !== "default") {
      const { checkContextName } = await import("./context/context-name.ts");
      try {
        checkContextName(contextName, around);
      } catch (error) {
        if (error instanceof StatusError) throw new StatusError(`${NO_ENDPOINT}: ${error.message}`);
        throw error;
      }
    }
    const named = hosts[0] ?? around.env["DOCKER_HOST"] ?? "";
    if (named !== "") return named;
    try {
      return await around.defaultHost();
    } catch (error) {
      // What goes wrong here is no answer of an engine.
      throw new StatusError(messageOf(error));
    }
  };
}

async function usageText(path: string, command: Command): Promise<string> {
  return (await import("./help.ts")).usageLine(path, command);
}

function moreInformation(path: string, verb: "Run" | "See" = "Run"): string {
  return `${verb} '${path} --help' for more information\n`;
}

function unknownFlag(word: string): string {
  return word.startsWith("--") ? `unknown flag: ${word.split("=", 1).join("")}` : `unknown shorthand flag: '${word.charAt(1)}' in ${word}`;
}

/** Help is seldom asked for, so its code is loaded when it is. */
async function topHelpText(around: Surroundings): Promise<string> {
  return (await import("./help.ts")).topHelp(groups, commands, {
    columns: around.stdout.columns,
    configFolder: around.configFolder,
  });
}

async function groupHelpText(group: CommandGroup): Promise<string> {
  return (await import("./help.ts")).groupHelp(group);
}

async function commandHelpText(path: string, entry: CommandEntry, command: Command, at: Pick<CommandContext, "stdout">): Promise<string> {
  const { commandHelp, spellingsOf } = await import("./help.ts");
  return commandHelp(path, entry, command, { columns: at.stdout.columns, spellings: spellingsOf(entry, { groups, commands }) });
}

function print(stream: CommandContext["stdout"], text: string, exitCode = 0): number {
  stream.write(text);
  return exitCode;
}
