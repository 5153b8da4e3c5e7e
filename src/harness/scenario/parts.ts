import type { Composed } from "./compose.ts";
import type { Part, Scenario, Step } from "./scenario.generated.ts";
import type { Source, SourcePath } from "./source.ts";

/** A scenario, or one part of it, as steps in a row. */
export interface Sequence {
  /** Null for a scenario without parts. */
  readonly part: Part | null;
  readonly scenario: Scenario & { readonly steps: Step[] };
  /** How many of its first steps are setups'. */
  readonly setups: number;
  /** It starts where this one ended, which is the setups' business then too; null: in a fresh root. */
  readonly needs: Sequence | null;
  /** Where the part begins, or where the scenario is named. */
  readonly location: ReturnType<Source["locate"]>;
  /** The scenario's, with places as they are in the files. */
  readonly source: Source;
}

/** What is run for itself: the scenario, or each of its parts. */
export function sequencesOf({ scenario, setup, source }: Composed): readonly Sequence[] {
  const { parts, steps: own = [], ...rest } = scenario;
  if (parts === undefined)
    return [
      sequence(null, { ...rest, steps: own }, { setup, needs: null, source, location: source.locate(["name"], "key"), at: (path) => path }),
    ];
  const sequences: Sequence[] = [];
  for (const [index, part] of parts.entries()) {
    const { title = rest.title, points, expect, steps } = part;
    const whole = {
      ...rest,
      ...(title !== undefined && { title }),
      ...(points !== undefined && { points }),
      ...(expect !== undefined && { expect }),
    };
    const needs = part.needs === undefined ? null : (sequences.find((one) => one.part?.name === part.needs) ?? null);
    const at = (path: SourcePath): SourcePath =>
      ["steps", "expect", "points"].includes(String(path[0])) ? ["parts", index, ...path] : path;
    // Who needs another has the setups done already.
    sequences.push(
      sequence(
        part,
        { ...whole, steps },
        { setup: part.needs === undefined ? setup : [], needs, source, location: source.locate(["parts", index]), at },
      ),
    );
  }
  return sequences;
}

function sequence(
  part: Part | null,
  scenario: Sequence["scenario"],
  {
    setup,
    needs,
    source,
    location,
    at,
  }: Pick<Composed, "setup"> & Pick<Sequence, "needs" | "location" | "source"> & { readonly at: (path: SourcePath) => SourcePath },
): Sequence {
  const place = (path: SourcePath): SourcePath => {
    const [first, second, ...more] = path;
    if (first !== "steps" || second === undefined) return at(path);
    return Number(second) < setup.length ? ["setup", ...path.slice(1)] : at(["steps", Number(second) - setup.length, ...more]);
  };
  return {
    part,
    scenario: { ...scenario, steps: [...setup, ...scenario.steps] },
    setups: setup.length,
    needs,
    location,
    source: {
      file: source.file,
      value: source.value,
      locate: (path, of) => source.locate(place(path), of),
      problem: (path, message, of) => source.problem(place(path), message, of),
    },
  };
}
