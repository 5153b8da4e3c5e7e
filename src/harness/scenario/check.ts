import { checkExpectations, checkReference, checkStrings, type Report } from "./check-parts.ts";
import { checkStep } from "./check-step.ts";
import { closest } from "./closest.ts";
import type { Composed } from "./compose.ts";
import { type Sequence, sequencesOf } from "./parts.ts";
import type { Scenario, Step } from "./scenario.generated.ts";
import type { Problem } from "./scenario-error.ts";
import { expectationItems } from "./expectation-items.ts";
import type { SourcePath } from "./source.ts";
import { BUILT_IN_VARIABLES } from "./variables.ts";

/** More is a mistake, or somebody who wants to keep a machine busy. */
const MAX_COMBINATIONS = 500;

/** What a schema cannot say: names used twice, patterns that are none, variables nobody sets, paths that lead out, contradictions. */
export function checkScenario(composed: Composed): readonly Problem[] {
  const found = new Map<string, Problem>();
  // A step that several parts begin with is wrong once.
  const all = [...checkParts(composed), ...sequencesOf(composed).flatMap(checkSequence)];
  for (const problem of all) found.set(`${problem.line}:${problem.column} ${problem.message}`, problem);
  return [...found.values()];
}

function checkParts({ scenario: { parts, expect, points }, source }: Composed): readonly Problem[] {
  if (parts === undefined) return [];
  const problems: Problem[] = [];
  if (expect !== undefined) problems.push(source.problem(["expect"], "is each part's own", "key"));
  if (points !== undefined) problems.push(source.problem(["points"], "are each part's own", "key"));
  for (const [index, { name, needs }] of parts.entries()) {
    const earlier = parts.slice(0, index).map((part) => part.name);
    if (earlier.includes(name))
      problems.push(source.problem(["parts", index, "name"], `part ${earlier.indexOf(name) + 1} has the same name`));
    if (needs === undefined || earlier.includes(needs)) continue;
    const meant = closest(needs, earlier);
    const hint = meant === null ? "" : `; did you mean ${meant}?`;
    problems.push(source.problem(["parts", index, "needs"], `no earlier part has the name ${JSON.stringify(needs)}${hint}`));
  }
  return problems;
}

function checkSequence({ scenario, source, part, setups, needs }: Sequence): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, message, of) => problems.push(source.problem(path, message, of));
  const variables = new Set([
    ...BUILT_IN_VARIABLES,
    ...Object.keys(scenario.env ?? {}),
    ...Object.keys(scenario.vars ?? {}),
    ...matrixVariables(scenario),
    ...capturedBefore(needs),
  ]);
  checkVariables(scenario, report);
  for (const [index, image] of (scenario.images ?? []).entries()) checkStrings(image, ["images", index], variables, report);
  checkStrings(scenario.env ?? {}, ["env"], new Set(BUILT_IN_VARIABLES), report);
  for (const [index, image] of (scenario.images ?? []).entries()) checkReference(image, ["images", index], report);
  const earlier = new Map<string, { readonly index: number; readonly background: boolean }>();
  for (const [index, step] of scenario.steps.entries()) {
    const path = ["steps", index];
    checkStep(step, { path, variables, earlier, fixtures: scenario.fixtures ?? {}, file: source.locate(path).file }, report);
    if (index < setups) checkNoPoints(step, path, report);
    if (step.name !== undefined) {
      const same = earlier.get(step.name);
      if (same !== undefined) report([...path, "name"], `step ${same.index + 1} has the same name`);
      else earlier.set(step.name, { index, background: step.background === true });
    }
  }
  if (scenario.expect === undefined && !scenario.steps.slice(setups).some(assertsSomething)) {
    report(part === null ? ["name"] : ["steps", scenario.steps.length - 1], "nothing is expected, so it could never fail");
  }
  checkExpectations(scenario.expect, ["expect"], variables, report);
  return problems;
}

/** The variables that what a part needs leaves to it. */
function capturedBefore(needs: Sequence | null): readonly string[] {
  if (needs === null) return [];
  return [...capturedBefore(needs.needs), ...needs.scenario.steps.flatMap(({ capture }) => Object.keys(capture ?? {}))];
}

function checkNoPoints({ expect }: Step, path: SourcePath, report: Report): void {
  for (const [{ points }, at] of expectationItems(expect, [...path, "expect"])) {
    if (points !== undefined) report([...at, "points"], "what setups expect earns no points", "key");
  }
}

/** Whether anything is expected of it, written or by itself: an exit code 0, a terminal's dialogue, an answer. */
function assertsSomething({ expect, until, run, terminal, wait, http, background, mayFail }: Step): boolean {
  if (expect !== undefined || until !== undefined || terminal !== undefined) return true;
  return mayFail !== true && background !== true && (run ?? wait ?? http) !== undefined;
}

function matrixVariables({ matrix }: Scenario): readonly string[] {
  return [matrix?.vars ?? {}, ...(matrix?.include ?? [])].flatMap((one) => Object.keys(one));
}

function checkVariables({ env = {}, vars = {}, matrix }: Scenario, report: Report): void {
  for (const [name, variable] of Object.entries(vars)) {
    if (Object.hasOwn(env, name)) report(["vars", name], "is in env too", "key");
    if (typeof variable !== "object") continue;
    const sources = (["value", "env", "random"] as const).filter((key) => variable[key] !== undefined);
    if (sources.length !== 1) report(["vars", name], "must have exactly one of the keys value, env, random");
    if (variable.default !== undefined && variable.env === undefined) report(["vars", name, "default"], "is only for env", "key");
    const [low = 0, high = 0] = variable.random?.between ?? [];
    if (low > high) report(["vars", name, "random", "between"], `${low} is more than ${high}`);
  }
  if (matrix === undefined) return;
  for (const [index, excluded] of (matrix.exclude ?? []).entries()) {
    for (const name of Object.keys(excluded)) {
      if (!Object.hasOwn(matrix.vars ?? {}, name)) report(["matrix", "exclude", index, name], "is no variable of the matrix", "key");
    }
  }
  const names = Object.keys(matrix.vars ?? matrix.include?.[0] ?? {});
  for (const [index, included] of (matrix.include ?? []).entries()) {
    const lacking = names.filter((name) => !Object.hasOwn(included, name));
    if (lacking.length > 0) report(["matrix", "include", index], `lacks ${lacking.join(", ")}`);
  }
  const combinations = Object.values(matrix.vars ?? {}).reduce((product, values) => product * values.length, 1);
  if (combinations > MAX_COMBINATIONS) report(["matrix"], `has ${combinations} combinations; at most ${MAX_COMBINATIONS} are run`);
}
