import { DockerfileParser } from "dockerfile-ast";
import { InvalidArgumentError, NotImplementedError } from "../../base/errors.ts";
import { checkCommand, knownKeywords } from "./check-command.ts";
import { atLine, type Command } from "./command.ts";

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

/**
 * Reads a Dockerfile (`# escape=` included).
 * @throws InvalidArgumentError with dockerd's texts: `dockerfile parse error line 2: unknown instruction: FOO`.
 */
export function parseDockerfile(text: string): Dockerfile {
  const normal = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const parsed = DockerfileParser.parse(normal);
  const escape = parsed.getEscapeCharacter();
  const lines = normal.split("\n");
  const instructions = parsed.getInstructions();
  if (instructions.length === 0) throw new InvalidArgumentError("failed to parse Dockerfile: file with no instructions");
  const commands = instructions.map((instruction, index) => {
    const first = instruction.getRange().start.line;
    const next = instructions[index + 1]?.getRange().start.line ?? lines.length;
    return parseCommand(joinLines(lines.slice(first, next), escape), first + 1);
  });
  return { escape, ...splitStages(commands) };
}

/** One instruction from its text, such as a trigger of ONBUILD. @throws InvalidArgumentError */
export function parseCommand(original: string, line = 1): Command {
  const [, word = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/.exec(original) ?? [];
  const keyword = word.toUpperCase();
  if (!knownKeywords.has(keyword)) throw atLine(line, new InvalidArgumentError(`unknown instruction: ${keyword}`));
  const flags = new Map<string, string>();
  let text = rest;
  // HEALTHCHECK reads its own, with the rest of it.
  if (keyword !== "HEALTHCHECK" && keyword !== "ONBUILD") {
    for (let match = flagAtStart(text); match; match = flagAtStart(text)) {
      flags.set(match[1] ?? "", match[2] ?? "");
      text = text.slice(match[0].length);
    }
  }
  const command: Command = { keyword, flags, text: text.trimEnd(), original: original.trimEnd(), line };
  checkCommand(command);
  return command;
}

function flagAtStart(text: string): RegExpExecArray | null {
  return /^--([A-Za-z][\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(text);
}

/** Lines as BuildKit's and the classic builder's parser join them: comments and empty lines in between are left out. */
function joinLines(lines: readonly string[], escape: string): string {
  const continuation = escape === "`" ? /`[ \t]*$/ : /\\[ \t]*$/;
  let joined = "";
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^\s*(#|$)/.test(line)) continue;
    const piece = index === 0 ? line.trimStart() : line;
    if (continuation.test(piece)) {
      joined += piece.replace(continuation, "");
      continue;
    }
    joined += piece;
    return withHeredoc(joined, lines.slice(index + 1));
  }
  return joined;
}

/** `RUN <<EOF` and a script: the same as the script behind RUN. */
function withHeredoc(head: string, rest: readonly string[]): string {
  const [, instruction = "", dash, quote = "", word = ""] =
    /^(RUN|COPY|ADD)\s+<<(-?)(["']?)([A-Za-z_]\w*)\3\s*(?:\s\S+\s*)?$/i.exec(head) ?? [];
  if (word === "") return head;
  const body = dash === "-" ? rest.map((line) => line.replace(/^\t+/, "")) : rest;
  const end = body.indexOf(word);
  if (end < 0) return head;
  if (instruction.toUpperCase() !== "RUN")
    throw new NotImplementedError(`here-documents of ${instruction.toUpperCase()} are not supported`);
  if (!head.trimEnd().endsWith(word + quote))
    throw new NotImplementedError("a command in front of a here-document's script is not supported");
  return `${instruction} ${body.slice(0, end).join("\n")}`;
}

function splitStages(commands: readonly Command[]): Pick<Dockerfile, "metaArgs" | "stages"> {
  const metaArgs: Command[] = [];
  const stages: { from: Command; base: string; name: string; commands: Command[] }[] = [];
  for (const command of commands) {
    if (command.keyword === "FROM") stages.push({ from: command, ...baseOf(command), commands: [] });
    else if (stages.length > 0) stages.at(-1)?.commands.push(command);
    else if (command.keyword === "ARG") metaArgs.push(command);
    else throw new InvalidArgumentError("no build stage in current context");
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
