import { InvalidArgumentError } from "../../base/errors.ts";
import { splitInstructions, SyntaxFault, type RawInstruction } from "../../oci/dockerfile/split-instructions.ts";
import { checkCommand, knownKeywords } from "./check-command.ts";
import { atLine, LocatedError, type Command } from "./command.ts";

/** FROM and what follows. */
export interface Stage {
  readonly from: Command;
  readonly base: string;
  /** In small letters; empty without AS. */
  readonly name: string;
  readonly commands: readonly Command[];
}

export interface Dockerfile {
  readonly escape: string;
  /** The ARGs before the first FROM. */
  readonly metaArgs: readonly Command[];
  readonly stages: readonly Stage[];
}

/** A Dockerfile is read whole; nobody writes one as large as this. */
const sizeLimit = 2 << 20;

/**
 * Reads a Dockerfile.
 * @throws LocatedError with dockerd's texts: `dockerfile parse error line 2: unknown instruction: FOO`.
 */
export function parseDockerfile(text: string): Dockerfile {
  if (text.length > sizeLimit) throw new InvalidArgumentError(`failed to parse Dockerfile: larger than ${sizeLimit} bytes`);
  const { escape, instructions } = split(text);
  if (instructions.length === 0) throw new InvalidArgumentError("failed to parse Dockerfile: file with no instructions");
  return { escape, ...splitStages(instructions.map((raw) => parseCommand(raw, escape))) };
}

/** A trigger of ONBUILD, here-documents and all. @throws LocatedError */
export function parseTrigger(text: string): Command {
  const { escape, instructions } = split(text);
  const [raw, more] = instructions;
  if (!raw || more) throw new InvalidArgumentError(`invalid trigger: ${text}`);
  return parseCommand(raw, escape);
}

function split(text: string): ReturnType<typeof splitInstructions> {
  try {
    return splitInstructions(text);
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    throw new LocatedError(`failed to parse Dockerfile: ${error.message}`, error, { cause: error });
  }
}

function parseCommand({ text: original, heredocs, start, end }: RawInstruction, escape: string): Command {
  const [, word = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/.exec(original) ?? [];
  const keyword = word.toUpperCase();
  if (!knownKeywords.has(keyword)) throw atLine(start, new InvalidArgumentError(`unknown instruction: ${keyword}`));
  const flags = new Map<string, string>();
  const mounts: string[] = [];
  const excludes: string[] = [];
  let text = rest;
  // HEALTHCHECK reads its own, with the rest of it.
  if (keyword !== "HEALTHCHECK" && keyword !== "ONBUILD") {
    for (let match = flagAtStart(text); match; match = flagAtStart(text)) {
      const [whole, name = "", value = ""] = match;
      text = text.slice(whole.length);
      if (name === "mount") mounts.push(value);
      else if (name === "exclude") excludes.push(value);
      else if (flags.has(name)) throw atLine(start, new InvalidArgumentError(`Duplicate flag specified: ${name}`));
      // A flag without a value is on.
      flags.set(name, whole.trimEnd().includes("=") ? value : "true");
    }
  }
  const command: Command = {
    keyword,
    flags,
    mounts,
    excludes,
    original,
    heredocs,
    line: start,
    endLine: end,
    ...withScript(keyword, text.trimEnd(), heredocs),
  };
  try {
    checkCommand(command, escape);
  } catch (error) {
    if (error instanceof LocatedError || !(error instanceof Error)) throw error;
    throw new LocatedError(error.message, { start, end }, { cause: error });
  }
  return command;
}

function flagAtStart(text: string): RegExpExecArray | null {
  return /^--([A-Za-z][\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(text);
}

/** `RUN <<EOF` is its script; with a command in front the shell reads the here-documents itself, as a trigger does when its time comes. */
function withScript(keyword: string, text: string, heredocs: Command["heredocs"]): Pick<Command, "text" | "scriptFile"> {
  const [only] = heredocs;
  if (!only || (keyword !== "RUN" && keyword !== "ONBUILD")) return { text, scriptFile: null };
  if (keyword === "RUN" && heredocs.length === 1 && /^<<-?\S+$/.test(text)) {
    return { text: only.content.replace(/\n$/, ""), scriptFile: only.content.startsWith("#!") ? only : null };
  }
  return { text: [text, ...heredocs.map(({ content, name }) => `${content}${name}`)].join("\n"), scriptFile: null };
}

function splitStages(commands: readonly Command[]): Pick<Dockerfile, "metaArgs" | "stages"> {
  const metaArgs: Command[] = [];
  const stages: { from: Command; base: string; name: string; commands: Command[] }[] = [];
  for (const command of commands) {
    const place = { start: command.line, end: command.endLine };
    if (command.keyword === "FROM") stages.push({ from: command, ...baseOf(command), commands: [] });
    else if (stages.length > 0) stages.at(-1)?.commands.push(command);
    else if (command.keyword === "ARG") metaArgs.push(command);
    else throw new LocatedError("no build stage in current context", place);
  }
  if (stages.length === 0) throw new InvalidArgumentError("dockerfile parse error: no build stage in current context");
  return { metaArgs, stages };
}

function baseOf(command: Command): { readonly base: string; readonly name: string } {
  const [base = "", as, name = "", ...more] = command.text.split(/\s+/);
  const isComplete = base !== "" && (as === undefined || (as.toUpperCase() === "AS" && name !== "" && more.length === 0));
  if (!isComplete) throw atLine(command.line, new InvalidArgumentError("FROM requires either one or three arguments"));
  if (name !== "" && !/^[a-z][a-z0-9-_.]*$/i.test(name)) {
    const reason = `invalid name for build stage: ${JSON.stringify(name)}, name can't start with a number or contain symbols`;
    throw atLine(command.line, new InvalidArgumentError(reason));
  }
  return { base, name: name.toLowerCase() };
}
