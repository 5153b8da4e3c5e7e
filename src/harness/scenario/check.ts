import { checkExpectations, checkReference, checkStrings, type Report } from "./check-parts.ts";
import { checkStep } from "./check-step.ts";
import type { Scenario, Step } from "./scenario.generated.ts";
import type { Problem } from "./scenario-error.ts";
import type { Source } from "./source.ts";
import { BUILT_IN_VARIABLES } from "./variables.ts";

/** What a schema cannot say: names used twice, patterns that are none, variables nobody sets, paths that lead out, contradictions. */
export function checkScenario(scenario: Scenario, source: Source): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, message, of) => problems.push(source.problem(path, message, of));
  const variables = new Set([...BUILT_IN_VARIABLES, ...Object.keys(scenario.env ?? {})]);
  checkStrings(scenario.env ?? {}, ["env"], new Set(BUILT_IN_VARIABLES), report);
  for (const [index, image] of (scenario.images ?? []).entries()) checkReference(image, ["images", index], report);
  const earlier = new Map<string, { readonly index: number; readonly background: boolean }>();
  for (const [index, step] of scenario.steps.entries()) {
    const path = ["steps", index];
    checkStep(step, { path, variables, earlier, fixtures: scenario.fixtures ?? {}, file: source.file }, report);
    if (step.name !== undefined) {
      const same = earlier.get(step.name);
      if (same !== undefined) report([...path, "name"], `step ${same.index + 1} has the same name`);
      else earlier.set(step.name, { index, background: step.background === true });
    }
  }
  if (scenario.expect === undefined && !scenario.steps.some(assertsSomething)) {
    report(["name"], "the scenario expects nothing, so it could never fail");
  }
  checkExpectations(scenario.expect, ["expect"], variables, report);
  return problems;
}

/** Whether anything is expected of it, written or by itself: an exit code 0, a terminal's dialogue, an answer. */
function assertsSomething({ expect, until, run, terminal, wait, http, background, mayFail }: Step): boolean {
  if (expect !== undefined || until !== undefined || terminal !== undefined) return true;
  return mayFail !== true && background !== true && (run ?? wait ?? http) !== undefined;
}
