import { Command, CommanderError, InvalidArgumentError as CommanderArgumentError, type Option } from "commander";
import type { Language } from "../report/reporter.ts";

/** Help was asked for, or the line is wrong: `text` is to be printed, on stderr when it is wrong. */
export interface NotRun {
  readonly text: string;
  readonly isHelp: boolean;
}

/** A command of slipway that prints nothing and ends nothing itself. */
export function newCommand(name: string, description: string): Command {
  return new Command(`slipway ${name}`)
    .description(description)
    .exitOverride()
    .showHelpAfterError("(--help says more)")
    .configureHelp({ optionDescription: describeOption });
}

/** As commander does, without defaults that say nothing: off, and empty lists. */
function describeOption({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? [] : [argChoices.join(", ")];
  const isTelling = (typeof defaultValue === "string" || typeof defaultValue === "number") && defaultValue !== 0;
  const notes = [...choices, ...(isTelling ? [`default: ${defaultValue}`] : [])];
  return notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
}

/** Parses; null when it is to be run. */
export function parse(command: Command, argv: readonly string[]): NotRun | null {
  let text = "";
  for (const one of [command, ...command.commands]) {
    one.configureOutput({ writeOut: (part) => void (text += part), writeErr: (part) => void (text += part) });
  }
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

/** Whether lines on a terminal may be drawn over: a dumb one cannot, and a CI job's log keeps each drawing. */
export function wantsLiveView(env: Readonly<Record<string, string | undefined>>): boolean {
  return env["TERM"] !== "dumb" && (!env["CI"] || env["CI"] === "false");
}

/** Reads an option's number, 1 to 1000. */
export function positive(text: string): number {
  return wholeNumber(1, 1000)(text);
}

/** Reads an option's whole number within these bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new CommanderArgumentError(`It must be a number from ${min} to ${max}.`);
    return value;
  };
}

/** An option that may be repeated: each use adds one. */
export function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** An option whose value `read` makes; what it throws is told as commander tells a bad value. */
export function reading<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new CommanderArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
