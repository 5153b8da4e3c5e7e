import type { Readable, Writable } from "node:stream";
import type { UnixClient } from "../client/unix-client.ts";
import type { CallerFiles } from "./files/caller-files.ts";
import type { FlagSet } from "./flags/flags.ts";
import type { ParsedFlags } from "./flags/parse-flags.ts";

/** A terminal's side of a stream, as Node's `tty` streams have it; plain streams have none of it. */
export interface TerminalTraits {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  setRawMode?(raw: boolean): unknown;
}

/** What a command may touch. Nothing under `docker/cli` reads `process`: only `bin` does, and hands it in. */
export interface CommandContext {
  readonly stdin: Readable & TerminalTraits;
  readonly stdout: Writable & TerminalTraits;
  readonly stderr: Writable & TerminalTraits;
  /** Aborted when the command should end early. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths of the command line start here. */
  readonly cwd: string;
  readonly files: CallerFiles;
  /**
   * To be called before anything that only a process of the caller's may do: walking its folders, starting its programs, keeping its logins.
   * @throws Error where the command runs in another's stead, which then runs it itself: nothing may have been done or read before.
   */
  ownProcess(): void;
  /** Where `config.json` with registry logins is, `~/.docker`; "" for none. */
  readonly configFolder: string;
  /** How this command was spelled, `container ls`: for texts that name it. */
  readonly commandPath: string;
  /** The address spoken to, `unix:///run/docker.sock`. */
  host(): Promise<string>;
  /** The engine; connects, or starts one, when first asked for. */
  client(): Promise<UnixClient>;
  /** Calls `handler` for each signal that the program gets (`SIGINT`, `SIGWINCH`, …); gives back how to stop that. */
  onSignal(name: NodeJS.Signals, handler: () => void): () => void;
}

/** What a command gets from its line. */
export type CommandOptions<F extends FlagSet> = ParsedFlags<F>;

/** How many words a command takes besides its flags; without `max` any number. */
export interface ArgumentCount {
  readonly min: number;
  readonly max?: number;
  /** True: a wrong number is told without the usage, as some commands of docker do. */
  readonly plainly?: boolean;
}

/**
 * A command is flags plus a function. A file exports one as `command`; `command-table.ts` gives it its names and its line in the lists.
 */
export interface Command<F extends FlagSet = FlagSet> {
  /** What stands behind the name in `Usage:`, `[OPTIONS] CONTAINER [CONTAINER...]`. */
  readonly use: string;
  /** Paragraphs between the line and the options. */
  readonly long?: string;
  readonly examples?: string;
  readonly flags: F;
  readonly args: ArgumentCount;
  /** False: everything from the first word on belongs to the container's command. Default true. */
  readonly interspersed?: boolean;
  /** What the words after the command name are, for completion. */
  readonly completes?: readonly ("containers" | "running-containers" | "images" | "networks" | "volumes" | "files" | "none")[];
  /** @returns the exit code. @throws whatever goes wrong; `main` prints it once, in docker's words. */
  run(options: CommandOptions<F>, context: CommandContext): Promise<number>;
}

/** Gives a command its types: `flags` decides what `run` sees. */
export function defineCommand<const F extends FlagSet>(command: Command<F>): Command {
  return command;
}

/** `args` by position once their number was checked. */
export function argument(options: CommandOptions<FlagSet>, index: number): string {
  const value = options.args[index];
  if (value === undefined) throw new RangeError(`argument ${index} is missing`);
  return value;
}

/** Runs `each` on every name, one after another; what fails is told after all were tried, as docker does. @returns the exit code. */
export async function forEachName(
  names: readonly string[],
  context: CommandContext,
  each: (name: string) => Promise<void>,
  describe: (error: unknown) => string,
): Promise<number> {
  const complaints: string[] = [];
  for (const name of names) {
    try {
      await each(name);
    } catch (error) {
      complaints.push(`${describe(error)}\n`);
    }
  }
  context.stderr.write(complaints.join(""));
  return complaints.length > 0 ? 1 : 0;
}
