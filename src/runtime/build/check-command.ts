import { InvalidArgumentError } from "../../base/errors.ts";
import { configInstructions, jsonStrings } from "../../oci/dockerfile/config-instructions.ts";
import { splitWords } from "../../oci/dockerfile/process-word.ts";
import { atLine, type Command } from "./command.ts";

/** The flags that each instruction may have, and all instructions there are. */
const flagsOf: Readonly<Record<string, readonly string[]>> = {
  ADD: ["chown", "chmod", "checksum", "link", "keep-git-dir", "exclude"],
  ARG: [],
  CMD: [],
  COPY: ["from", "chown", "chmod", "link", "parents", "exclude"],
  ENTRYPOINT: [],
  ENV: [],
  EXPOSE: [],
  FROM: ["platform"],
  HEALTHCHECK: [],
  LABEL: [],
  MAINTAINER: [],
  ONBUILD: [],
  RUN: ["mount", "network", "security"],
  SHELL: [],
  STOPSIGNAL: [],
  USER: [],
  VOLUME: [],
  WORKDIR: [],
};

export const knownKeywords: ReadonlySet<string> = new Set(Object.keys(flagsOf));

const requirements: Readonly<Record<string, string>> = {
  ARG: "at least one argument",
  ENV: "at least one argument",
  EXPOSE: "at least one argument",
  HEALTHCHECK: "at least one argument",
  LABEL: "at least one argument",
  MAINTAINER: "exactly one argument",
  ONBUILD: "at least one argument",
  STOPSIGNAL: "exactly one argument",
  USER: "exactly one argument",
  VOLUME: "at least one argument",
  WORKDIR: "exactly one argument",
};

/** What these say does not depend on variables. */
const fixed = new Set(["SHELL", "ONBUILD", "HEALTHCHECK"]);

/** What is wrong with an instruction whatever its variables hold, before any step is made. @throws InvalidArgumentError */
export function checkCommand(command: Command, escape = "\\"): void {
  const { keyword, text, line } = command;
  for (const flag of command.flags.keys()) {
    if (!flagsOf[keyword]?.includes(flag)) throw atLine(line, new InvalidArgumentError(`Unknown flag: ${flag}`));
  }
  const required = requirements[keyword];
  if (required !== undefined && text === "") throw atLine(line, new InvalidArgumentError(`${keyword} requires ${required}`));
  if (keyword === "COPY" || keyword === "ADD") checkCopy(command);
  if (keyword === "ENV" || keyword === "LABEL") checkPairs(command, escape);
  if (keyword === "ARG") for (const word of splitWords(text, escape)) checkName(command, word);
  if (fixed.has(keyword)) {
    try {
      configInstructions[keyword]?.({}, { text, lookup: () => undefined, escape });
    } catch (error) {
      throw error instanceof Error ? atLine(line, error) : error;
    }
  }
}

function checkCopy({ keyword, text, line }: Command): void {
  if (copyWords(text).length >= 2) return;
  const reason = "only one was provided. Destination could not be determined";
  throw atLine(line, new InvalidArgumentError(`${keyword} requires at least two arguments, but ${reason}`));
}

/** Sources and destination of COPY and ADD, not yet expanded. */
export function copyWords(text: string): readonly string[] {
  return jsonStrings(text) ?? (text === "" ? [] : text.split(/\s+/));
}

function checkName({ keyword, line }: Command, word: string): void {
  if (word.startsWith("=")) throw atLine(line, new InvalidArgumentError(`${keyword} names can not be blank`));
}

function checkPairs(command: Command, escape: string): void {
  const { keyword, text } = command;
  const words = splitWords(text, escape);
  if (words[0]?.includes("=")) {
    for (const word of words) checkName(command, word);
    const wrong = words.find((word) => !word.includes("="));
    if (wrong === undefined) return;
    throw new InvalidArgumentError(
      `failed to parse Dockerfile: Syntax error - can't find = in ${JSON.stringify(wrong)}. Must be of the form: name=value`,
    );
  }
  if (words.length < 2) throw new InvalidArgumentError(`failed to parse Dockerfile: ${keyword} must have two arguments`);
}
