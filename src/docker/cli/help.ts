import type { Command } from "./command.ts";
import type { CommandEntry, CommandGroup } from "./command-table.ts";
import { flagUsages } from "./flag-usages.ts";
import { globalFlags } from "./global-flags.ts";

/** Where lines of options are wrapped when nothing is known of the terminal. */
const DEFAULT_COLUMNS = 80;

/** Docker pads command names to this much, so that lists of different groups line up. */
const NAME_WIDTH = 11;

/** What `docker run --help` prints. */
export function commandHelp(path: string, entry: CommandEntry, command: Command, columns = DEFAULT_COLUMNS): string {
  const options = flagUsages(command.flags, columns - 1).trimEnd();
  return joinSections([
    usageLine(path, command),
    command.long?.trim() ?? entry.short,
    entry.aliases === undefined ? "" : `Aliases:\n  ${[entry.name, ...entry.aliases].join(", ")}`,
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

/** What `docker --help` prints. */
export function topHelp(groups: readonly CommandGroup[], commands: readonly CommandEntry[], columns = DEFAULT_COLUMNS): string {
  return joinSections([
    "Usage:  docker [OPTIONS] COMMAND",
    "A self-sufficient runtime for containers",
    `Options:\n${flagUsages(globalFlags, columns - 1).trimEnd()}`,
    `Management Commands:\n${listing(groups)}`,
    `Commands:\n${listing(commands)}`,
    "Run 'docker COMMAND --help' for more information on a command.",
  ]);
}

function listing(entries: readonly { readonly name: string; readonly short: string; readonly hidden?: boolean }[]): string {
  return entries
    .filter(({ hidden }) => hidden !== true)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, short }) => `  ${name.padEnd(NAME_WIDTH)} ${short}`)
    .join("\n");
}

function joinSections(sections: readonly string[]): string {
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}
