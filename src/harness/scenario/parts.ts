import type { Part, Scenario, Step } from "./scenario.generated.ts";
import type { Source, SourcePath } from "./source.ts";

/** A scenario, or one part of it, as steps in a row. */
export interface Sequence {
  /** Null for a scenario without parts. */
  readonly part: Part | null;
  readonly scenario: Scenario & { readonly steps: Step[] };
  /** Its first steps are those of what the part needs: by each the name of the part that it is of; null: the part's own. */
  readonly needed: readonly (string | null)[];
  /** The scenario's, with places as they are in the file. */
  readonly source: Source;
}

/**
 * What is run for itself: the scenario, or each of its parts. A part that needs another has that one's steps before its own, and so
 * starts where it ended, with all that runs there; a copy of files could not have that.
 */
export function sequencesOf(scenario: Scenario, source: Source): readonly Sequence[] {
  const { parts, ...rest } = scenario;
  if (parts === undefined)
    return [{ part: null, scenario: { ...rest, steps: scenario.steps ?? [] }, needed: (scenario.steps ?? []).map(() => null), source }];
  return parts.map((part, index): Sequence => {
    const rows: { readonly step: Step; readonly path: SourcePath; readonly of: string | null }[] = [];
    for (const place of chainOf(parts, index)) {
      const one = parts[place];
      if (one === undefined) continue;
      const of = place === index ? null : one.name;
      for (const [at, step] of one.steps.entries()) rows.push({ step, path: ["parts", place, "steps", at], of });
      // What the needed part expects at its end stands between it and the next.
      if (of !== null && one.expect !== undefined) rows.push({ step: { sleep: 0.001, expect: one.expect }, path: ["parts", place], of });
    }
    const at = (path: SourcePath): SourcePath => {
      const [first, second, ...more] = path;
      if (first === "steps" && second !== undefined) return [...(rows[Number(second)]?.path ?? ["parts", index]), ...more];
      return first === "expect" || first === "points" ? ["parts", index, ...path] : path;
    };
    const { title = rest.title, points, expect } = part;
    const whole = { ...rest, ...(title !== undefined && { title }), steps: rows.map(({ step }) => step) };
    return {
      part,
      scenario: { ...whole, ...(points !== undefined && { points }), ...(expect !== undefined && { expect }) },
      needed: rows.map(({ of }) => of),
      source: {
        file: source.file,
        value: source.value,
        locate: (path, of) => source.locate(at(path), of),
        problem: (path, message, of) => source.problem(at(path), message, of),
      },
    };
  });
}

/** The parts that the one at `index` needs, the first first, and itself; only earlier ones, so that it ends. */
function chainOf(parts: readonly Part[], index: number): readonly number[] {
  const { needs } = parts[index] ?? {};
  const before = needs === undefined ? -1 : parts.findIndex(({ name }, at) => at < index && name === needs);
  return before < 0 ? [index] : [...chainOf(parts, before), index];
}
