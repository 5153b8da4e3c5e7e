import { InvalidArgumentError } from "../../../base/errors.ts";
import type { Command } from "../command.ts";
import type { Stage } from "../dockerfile.ts";

/** The number of the stage to build: by name or number, or the last. @throws InvalidArgumentError */
export function wantedStage(stages: readonly Stage[], target: string): number {
  if (target === "") return stages.length - 1;
  const found = findStage(stages, target);
  if (found === null) throw new InvalidArgumentError(`target stage ${JSON.stringify(target)} could not be found`);
  return found;
}

/** A stage by its name or its number; of two with one name the later. */
export function findStage(stages: readonly Stage[], name: string): number | null {
  const named = stages.findLastIndex((stage) => stage.name !== "" && stage.name === name.toLowerCase());
  if (named >= 0) return named;
  return /^\d+$/.test(name) && Number(name) < stages.length ? Number(name) : null;
}

/** The stages that a stage is from, copies from or mounts, as far as its text says. */
export function needsOf(stages: readonly Stage[], index: number, expand: (word: string) => string): readonly number[] {
  const stage = stages[index];
  if (!stage) return [];
  const base = expand(stage.base).toLowerCase();
  const before = stages.findIndex((other, at) => at < index && other.name !== "" && other.name === base);
  const others = stage.commands.flatMap((command) => fromsOf(command).flatMap((name) => findStage(stages, name) ?? []));
  return [...new Set([...(before >= 0 ? [before] : []), ...others])];
}

function fromsOf({ flags, mounts }: Command): readonly string[] {
  const copied = flags.get("from");
  const mounted = mounts.flatMap((mount) => /(?:^|,)from=([^,]*)/i.exec(mount)?.[1] ?? []);
  return [...(copied === undefined ? [] : [copied]), ...mounted];
}

const layerKeywords = new Set(["ADD", "COPY", "RUN", "WORKDIR"]);

/** How many steps of a stage are told of, without its FROM. */
export function countSteps(commands: readonly Command[]): number {
  return commands.filter(({ keyword }) => layerKeywords.has(keyword)).length;
}
