import type { Command } from "./command.ts";
import type { CommandEntry, CommandGroup } from "./command-table.ts";
import { bool } from "./flags/flags.ts";
import { flagUsages } from "./flags/flag-usages.ts";
import { globalFlags } from "./flags/global-flags.ts";

/** Where lines of options are wrapped when nothing is known of the terminal. */
const DEFAULT_COLUMNS = 80;

/** Docker pads command names to this much, so that lists of different groups line up. */
const NAME_WIDTH = 11;

/** What `docker run --help` prints. */
export function commandHelp(
  path: string,
  entry: CommandEntry,
  command: Command,
  { columns = DEFAULT_COLUMNS, spellings = [] }: { readonly columns?: number | undefined; readonly spellings?: readonly string[] } = {},
): string {
  // Where -h is another flag's letter, --help is listed.
  const listsHelp = Object.values(command.flags).some(({ short }) => short === "h");
  const options = flagUsages({ ...command.flags, ...(listsHelp && { help: bool("Print usage") }) }, columns - 1).trimEnd();
  return joinSections([
    usageLine(path, command),
    command.long?.trim() ?? entry.short,
    spellings.length < 2 ? "" : `Aliases:\n  ${spellings.map((spelling) => `docker ${spelling}`).join(", ")}`,
    command.examples === undefined ? "" : `Examples:\n${command.examples}`,
    options === "" ? "" : `Options:\n${options}`,
  ]);
}

/** `Usage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]` */
export function usageLine(path: string, command: Command): string {
  return `Usage:  docker ${path}${command.use === "" ? "" : ` ${command.use}`}`;
}

/** What `docker container --help` prints. */
export function groupHelp(group: CommandGroup): string {
  return joinSections([
    `Usage:  docker ${group.name} COMMAND`,
    group.short,
    `Commands:\n${listing(group.commands)}`,
    `Run 'docker ${group.name} COMMAND --help' for more information on a command.`,
  ]);
}

/** Commands that stand first, in this order. */
const COMMON = "run exec ps build pull push images login logout search version info".split(" ");

/** What `docker --help` prints. */
export function topHelp(
  groups: readonly CommandGroup[],
  commands: readonly CommandEntry[],
  { columns = DEFAULT_COLUMNS, configFolder }: { readonly columns?: number | undefined; readonly configFolder: string },
): string {
  const common = COMMON.flatMap((name) => commands.filter((command) => command.name === name));
  const others = commands.filter((command) => !common.includes(command));
  return joinSections([
    "Usage:  docker [OPTIONS] COMMAND",
    "A self-sufficient runtime for containers",
    `Common Commands:\n${lines(common)}`,
    `Management Commands:\n${listing(groups.filter(({ swarm }) => swarm !== true))}`,
    `Swarm Commands:\n${listing(groups.filter(({ swarm }) => swarm === true))}`,
    `Commands:\n${listing(others)}`,
    `Global Options:\n${flagUsages(globalFlags(configFolder), columns - 1).trimEnd()}`,
    "Run 'docker COMMAND --help' for more information on a command.",
    "For more help on how to use Docker, head to https://docs.docker.com/go/guides/",
  ]);
}

/** Every way to write a command, each without `docker`: `container ls`, `container list`, `container ps`, `ps`. */
export function spellingsOf(
  entry: CommandEntry,
  { groups, commands }: { readonly groups: readonly CommandGroup[]; readonly commands: readonly CommandEntry[] },
): readonly string[] {
  const within = ({ name, commands: inner }: CommandGroup): readonly string[] =>
    inner.flatMap((other) => (other.load === entry.load ? [other.name, ...(other.aliases ?? [])].map((word) => `${name} ${word}`) : []));
  const top = commands.filter((other) => other.load === entry.load).map(({ name }) => name);
  // Docker names the builder's group last.
  const builder = groups.filter(({ name }) => name === "builder");
  return [...groups.filter((group) => !builder.includes(group)).flatMap(within), ...top, ...builder.flatMap(within)];
}

interface Listed {
  readonly name: string;
  readonly short: string;
  readonly hidden?: boolean;
}

function listing(entries: readonly Listed[]): string {
  return lines(entries.filter(({ hidden }) => hidden !== true).toSorted((a, b) => (a.name < b.name ? -1 : 1)));
}

function lines(entries: readonly Listed[]): string {
  return entries.map(({ name, short }) => `  ${name.padEnd(NAME_WIDTH)} ${short}`).join("\n");
}

function joinSections(sections: readonly string[]): string {
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}
