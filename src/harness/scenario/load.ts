import { readFile, stat } from "node:fs/promises";
import { hasErrno, messageOf } from "../../base/errors.ts";
import { checkScenario } from "./check.ts";
import { compose, type Composed } from "./compose.ts";
import type { Scenario } from "./scenario.generated.ts";
import { type Problem, ScenarioError } from "./scenario-error.ts";
import { parseSource, type Source, type SourcePath } from "./source.ts";
import { withoutPlaces } from "./prune.ts";
import { isSharedFile, sharedFilesOf } from "./shared-files.ts";
import { validateScenario } from "./validate.ts";

/** A scenario that may be planned, with what it shares with others, and where its parts stand in their files. */
export type LoadedScenario = Composed;

/**
 * Reads a scenario file. `file` is named in messages as it is given.
 * @throws ScenarioError listing all that is wrong with the file: it cannot be read, is no YAML, breaks the schema, or contradicts itself.
 */
export async function loadScenario(file: string): Promise<LoadedScenario> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(file);
    // One byte more than is allowed is enough to refuse it.
    bytes = size > 16 * 1024 * 1024 ? new Uint8Array(16 * 1024 * 1024) : await readFile(file);
  } catch (error) {
    const why = hasErrno(error, "ENOENT") ? "no such file" : messageOf(error);
    throw new ScenarioError([{ file, line: 1, column: 1, path: "", message: why }], { cause: error });
  }
  return readScenario(file, bytes);
}

/** The same for a scenario's text at hand. */
export function readScenario(file: string, text: string | Uint8Array): LoadedScenario {
  if (isSharedFile(file)) {
    const message = "is what scenarios share: a suite's file or a setup is no scenario itself";
    throw new ScenarioError([{ file, line: 1, column: 1, path: "", message }]);
  }
  const source = parseSource(file, typeof text === "string" ? new TextEncoder().encode(text) : text);
  const result = validateScenario(source);
  if ("problems" in result) throw new ScenarioError([...result.problems, ...problemsOfRest(source, result.places)]);
  const composed = compose(result.value, source, sharedFilesOf(result.value, source));
  const problems = checkScenario(composed);
  if (problems.length > 0) throw new ScenarioError(problems);
  return composed;
}

/** What is wrong besides in a file that breaks the schema, as far as it can be told: an author is to hear everything at once. */
function problemsOfRest(source: Source, places: readonly SourcePath[]): readonly Problem[] {
  let value = source.value;
  let wrong = places;
  // What is taken out may be missed where it was: a few rounds, each further up.
  for (let round = 0; round < 4; round++) {
    value = withoutPlaces(value, wrong);
    const rest: Source = { ...bound(source), value };
    const result = validateScenario(rest);
    if ("value" in result) return checkComposed(result.value, rest).filter((problem) => !isEcho(problem, places));
    wrong = result.places;
  }
  return [];
}

function checkComposed(scenario: Scenario, source: Source): readonly Problem[] {
  try {
    return checkScenario(compose(scenario, source, sharedFilesOf(scenario, source)));
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
}

function bound(source: Source): Omit<Source, "value"> {
  return { file: source.file, locate: source.locate.bind(source), problem: source.problem.bind(source) };
}

/** That something names, or lacks, what was taken out is no fault of its own. */
function isEcho({ path, message }: Problem, places: readonly SourcePath[]): boolean {
  return (
    /^(?:nothing sets|no earlier step|expects nothing)/.test(message) ||
    places.some((place) => `${place.join("/")}/`.startsWith(`${path}/`))
  );
}
