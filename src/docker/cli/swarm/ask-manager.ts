import { describeError, StatusError } from "../cli-errors.ts";
import { defineCommand, type ArgumentCount, type Command, type CommandContext, type CommandOptions } from "../command.ts";
import { flagLines } from "../flags/flag-lines.ts";
import { FORMAT_USAGE, TABLE_FORMAT_USAGE } from "../flags/flag-usage-texts.ts";
import { string, type FlagSet } from "../flags/flags.ts";

export type SwarmOptions = CommandOptions<FlagSet>;

/** One command of those that a swarm's manager answers. */
interface ManagerCommand {
  /** As {@link Command.use}. */
  readonly use: string;
  readonly args: ArgumentCount;
  /** As `flagLines` reads them, without `--format`. */
  readonly flags?: string;
  /** What `--format` shows, where there is one: a `table`, an `object`, or what its usage says. */
  readonly format?: string;
  readonly interspersed?: boolean;
  /** Looks at what the command line says, as docker does before it asks. @throws StatusError */
  readonly check?: (options: SwarmOptions, context: CommandContext) => void | Promise<void>;
  /** The engine is asked for each word, and its answer told for each. */
  readonly eachWord?: boolean;
  /** What docker prints though nothing was found. */
  readonly found?: string;
  /** What stands before the engine's words, for a word of the line. */
  readonly prefix?: (word: string, options: SwarmOptions) => string;
}

/**
 * A command that only a manager of a swarm can answer: the engine is asked whether it is one, and what it says to that is told as docker
 * tells it. Slipway's engines are in no swarm; what this client is to show or change of another's it refuses before it changes anything.
 */
export function managerCommand({ use, args, flags = "", format, check, ...how }: ManagerCommand): Command {
  return defineCommand({
    use,
    args,
    flags: { ...flagLines(flags), ...formatFlag(format) },
    ...(how.interspersed === false && { interspersed: false }),
    completes: ["none"],
    async run(options: SwarmOptions, context) {
      await check?.(options, context);
      const client = await context.client();
      const complaints: string[] = [];
      for (const word of how.eachWord === true ? options.args : [""]) {
        try {
          await client.request("GET", "/swarm");
        } catch (error) {
          complaints.push((how.prefix?.(word, options) ?? "") + describeError(error));
          continue;
        }
        throw new StatusError(`docker ${context.commandPath}: not supported by this client, which manages no swarms`);
      }
      if (options.flags["pretty"] !== true) context.stdout.write(how.found ?? "");
      throw new StatusError(complaints.join("\n"));
    },
  });
}

/** `inspect` of something of a swarm. */
export function inspectCommand(use: string, check?: ManagerCommand["check"]): Command {
  return managerCommand({
    use: `[OPTIONS] ${use}`,
    args: { min: 1 },
    flags: "--pretty  Print the information in a human friendly format",
    format: "object",
    eachWord: true,
    found: "[]\n",
    ...(check && { check }),
  });
}

/** `ls` of something of a swarm. */
export function listCommand(): Command {
  return managerCommand({
    use: "[OPTIONS]",
    args: { min: 0, max: 0 },
    flags: "-f, --filter filter  Filter output based on conditions provided\n-q, --quiet  Only display IDs",
    format: "table",
  });
}

function formatFlag(format: string | undefined): FlagSet {
  if (format === undefined) return {};
  if (format === "object") return { format: string(FORMAT_USAGE, { short: "f" }) };
  return { format: string(format === "table" ? TABLE_FORMAT_USAGE : format) };
}
