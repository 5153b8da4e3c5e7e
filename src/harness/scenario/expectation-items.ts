import type { StateExpectation, StepExpectation } from "./scenario.generated.ts";
import type { SourcePath } from "./source.ts";

type Item = StepExpectation | StateExpectation;

/** The maps of an `expect`, whether it is one or a list, with their places. */
export function expectationItems<T extends Item>(expect: T | T[] | undefined, path: SourcePath): readonly (readonly [T, SourcePath])[] {
  if (expect === undefined) return [];
  return Array.isArray(expect) ? expect.map((item, index) => [item, [...path, index]] as const) : [[expect, path]];
}
