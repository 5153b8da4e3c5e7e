import type { UnixClient } from "../client/unix-client.ts";
import type { Command, CommandContext } from "./command.ts";
import type { CommandEntry, CommandGroup } from "./command-table.ts";
import type { FlagSet } from "./flags/flags.ts";

/** A word that could stand next, and what it is. */
interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/**
 * What could stand in place of the last of `words`, a line that is being typed: `name<TAB>description` a line. Shells' completion scripts
 * ask this; an engine that does not answer makes fewer candidates, never an error.
 */
export async function complete(
  words: readonly string[],
  table: { readonly commands: readonly CommandEntry[]; readonly groups: readonly CommandGroup[] },
  context: CommandContext,
): Promise<number> {
  const current = words.at(-1) ?? "";
  const candidates = await candidatesFor(words.slice(0, -1), current, table, context);
  const fitting = candidates.filter(({ word }) => word.startsWith(current));
  context.stdout.write(fitting.map(({ word, about }) => `${word}${about === undefined ? "" : `\t${about}`}\n`).join(""));
  return 0;
}

async function candidatesFor(
  before: readonly string[],
  current: string,
  { commands, groups }: Parameters<typeof complete>[1],
  context: CommandContext,
): Promise<readonly Candidate[]> {
  const [first, second, ...others] = before;
  const names = (entries: readonly { readonly name: string; readonly short: string; readonly hidden?: boolean }[]): readonly Candidate[] =>
    entries.filter(({ hidden }) => hidden !== true).map(({ name, short }) => ({ word: name, about: short }));
  if (first === undefined) return names([...groups, ...commands].toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  const group = groups.find(({ name }) => name === first);
  if (group && second === undefined) return names(group.commands);
  const entry = (group?.commands ?? commands).find(({ name, aliases }) =>
    [name, ...(aliases ?? [])].includes(group ? (second ?? "") : first),
  );
  if (!entry) return [];
  const { command } = await entry.load();
  const typed = group ? others : before.slice(1);
  if (current.startsWith("-")) return flagCandidates(command.flags);
  const last = typed.at(-1);
  if (last !== undefined && takesValue(last, command.flags)) return [];
  return objects(command, wordsAmong(typed, command.flags), context);
}

function flagCandidates(flags: FlagSet): readonly Candidate[] {
  return Object.entries(flags)
    .filter(([, flag]) => flag.hidden !== true)
    .map(([name, flag]) => ({ word: `--${name}`, about: flag.usage.split("\n", 1).join("") }))
    .toSorted((a, b) => (a.word < b.word ? -1 : 1));
}

/** Whether the word behind `word` is its value: `--name`, `-f`, `-itf`, but not `--name=x`. */
function takesValue(word: string, flags: FlagSet): boolean {
  if (!word.startsWith("-") || word.includes("=")) return false;
  const flag = word.startsWith("--") ? flags[word.slice(2)] : Object.values(flags).find(({ short }) => short === word.at(-1));
  return flag !== undefined && flag.bare === undefined;
}

/** How many of the words typed so far are neither flags nor their values. */
function wordsAmong(typed: readonly string[], flags: FlagSet): number {
  return typed.filter((word, index) => !word.startsWith("-") && !takesValue(typed[index - 1] ?? "", flags)).length;
}

async function objects(command: Command, position: number, context: CommandContext): Promise<readonly Candidate[]> {
  const kinds = command.completes ?? [];
  // Behind the first word of run and exec everything is the container's.
  if (position > 0 && command.interspersed === false) return [];
  // A list's last kind goes on as far as the command takes words.
  const kind = kinds[position] ?? (position < (command.args.max ?? Infinity) ? kinds.at(-1) : undefined);
  if (kind === undefined || kind === "none" || kind === "files") return [];
  try {
    return (await namesOf(kind, await context.client())).map((word) => ({ word }));
  } catch {
    return [];
  }
}

async function namesOf(
  kind: "containers" | "running-containers" | "images" | "networks" | "volumes",
  client: UnixClient,
): Promise<readonly string[]> {
  switch (kind) {
    case "images":
      return (await client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []).filter((name) => !name.startsWith("<none>"));
    case "networks":
      return (await client.listNetworks()).map(({ Name }) => Name);
    case "volumes":
      return ((await client.listVolumes()).Volumes ?? []).map(({ Name }) => Name);
    default: {
      const containers = await client.listContainers({ all: kind === "containers" });
      return containers.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, "")).filter((name) => !name.includes("/")));
    }
  }
}
