import { createHash } from "node:crypto";
import { InvalidArgumentError } from "../../../base/errors.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Shard } from "../../report/report.ts";

/**
 * Reads `2/5`, `slice:2/5` or `hash:2/5`.
 * @throws InvalidArgumentError when it is none of these, or there is no such part.
 */
export function parseShard(text: string): Shard {
  const [, by = "slice", index, count] = /^(?:(slice|hash):)?(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { by: by as Shard["by"], index: Number(index), count: Number(count) };
  if (index === undefined || shard.index < 1 || shard.index > shard.count) {
    throw new InvalidArgumentError(`${JSON.stringify(text)} is no part such as 2/5, slice:2/5 or hash:2/5, with 1 the first`);
  }
  return shard;
}

/**
 * The part of `plans`: a run of neighbours (`slice`: equal parts), or those that a hash of file and name puts there (`hash`: a scenario stays
 * in its part when others come or go). Every plan is in exactly one part.
 */
export function shardOf(plans: readonly Plan[], { by, index, count }: Shard): readonly Plan[] {
  if (by === "hash") return plans.filter(({ file, name }) => hash(`${file}\0${name}`) % count === index - 1);
  const start = (part: number): number => Math.floor((plans.length * part) / count);
  return plans.slice(start(index - 1), start(index));
}

function hash(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}
