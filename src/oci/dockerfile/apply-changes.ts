import { DockerfileParser, type Instruction, ModifiableInstruction } from "dockerfile-ast";
import { InvalidArgumentError } from "../../base/errors.ts";
import type { ImageRunConfig } from "../image-config.ts";
import { configInstructions, lookupIn, type Draft } from "./config-instructions.ts";

/** What `--change` of commit and import may say (moby `validCommitCommands`; newer ones also take STOPSIGNAL). */
const allowed = new Set([
  "CMD",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "HEALTHCHECK",
  "LABEL",
  "ONBUILD",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
]);

/** `config` after the Dockerfile instructions in `changes`. @throws InvalidArgumentError with Docker's texts. */
export function applyChanges(config: ImageRunConfig, changes: readonly string[]): ImageRunConfig {
  if (changes.length === 0) return config;
  const instructions = DockerfileParser.parse(changes.join("\n")).getInstructions();
  if (instructions.length === 0) throw new InvalidArgumentError("file with no instructions");
  const draft: Draft = { ...config };
  let cmdWasSet = false;
  for (const instruction of instructions) {
    const keyword = instruction.getKeyword();
    const change = allowed.has(keyword) ? configInstructions[keyword] : undefined;
    if (!change) throw new InvalidArgumentError(`${keyword.toLowerCase()} is not a valid change command`);
    change(draft, { text: argumentsOf(instruction), lookup: lookupIn(draft.Env), escape: "\\" });
    if (keyword === "CMD") cmdWasSet = true;
    // The command was meant for another entrypoint.
    if (keyword === "ENTRYPOINT" && !cmdWasSet) draft.Cmd = null;
  }
  return draft;
}

/** Everything behind an instruction's keyword on one line, its flags too, without comments and continuations. */
export function argumentsOf(instruction: Instruction): string {
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags().map((flag) => flag.toString()) : [];
  return [...flags, instruction.getArgumentsContent() ?? ""].join(" ").trim();
}
