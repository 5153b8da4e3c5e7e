import type { ScenarioResult } from "./report.ts";

/** A scenario's name for people, and for formats that want each name once: with the repetition that it is of. */
export function displayName({ name, repetition }: Pick<ScenarioResult, "name" | "repetition">): string {
  return repetition === null ? name : `${name} (${repetition.index}/${repetition.count})`;
}
