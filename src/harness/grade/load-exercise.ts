import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasErrno, messageOf } from "../../base/errors.ts";
import { limitsOf } from "./limits.ts";
import { formatPoints, type Fraction, pointsOf, subtract, sum, toNumber, zero } from "../plan/fraction.ts";
import type { Plan } from "../plan/plan.ts";
import { planScenario } from "../plan/plan-scenario.ts";
import type { SubmissionLimits } from "../targets/submission-limits.ts";
import { loadScenario } from "../scenario/load.ts";
import { type Problem, ScenarioError } from "../scenario/scenario-error.ts";
import { parseSource, type Source, type SourcePath } from "../scenario/source.ts";
import { schemaValidator } from "../scenario/validate.ts";
import { type Penalty, shareByWeight } from "./rubric.ts";
import type { Exercise as WrittenExercise, GradedCheck, GradedScenario, HandIn, KnownBad, Late, Text } from "./exercise.generated.ts";

export type FeedbackLevel = NonNullable<GradedScenario["feedback"]>;
export type Visibility = NonNullable<GradedScenario["visibility"]>;

/** A scenario as the exercise uses it. */
export interface Task {
  readonly plan: Plan;
  /** What it is worth here; its own points are scaled to it. */
  readonly points: Fraction;
  readonly feedback: FeedbackLevel;
  readonly visibility: Visibility;
  /** Beyond the exercise's points. */
  readonly extra: boolean;
  /** Checks that earn only together; null for none. */
  readonly allOrNothing: true | readonly (readonly string[])[] | null;
  /** The attempt from which on hints are given. */
  readonly hintsFrom: number;
  /** What holds for single checks, by id. */
  readonly checks: Readonly<Record<string, GradedCheck>>;
}

export interface Exercise {
  readonly folder: string;
  readonly title: Text;
  readonly handIn: HandIn;
  readonly due: Date | null;
  readonly late: Late | null;
  /** Of what is handed in, while it runs. */
  readonly limits: SubmissionLimits;
  readonly tasks: readonly Task[];
  /** Of all tasks but those for extra credit. */
  readonly points: Fraction;
  readonly penalties: readonly Penalty[];
  /** The most that one can get; null for all that can be earned. */
  readonly cap: Fraction | null;
  readonly seed: string;
  /** Folder of the submission that earns everything. */
  readonly solution: string;
  readonly knownBad: readonly (KnownBad & { readonly name: string; readonly folder: string })[];
  /** Of exercise.yaml, the scenarios' files and what these share with others: what a grade depends on. */
  readonly digest: string;
}

const validate = schemaValidator<WrittenExercise>("exercise.schema.json");

/**
 * Reads `exercise.yaml` of a folder and what it names.
 * @throws ScenarioError with everything that is wrong, each with its place, in exercise.yaml and the scenarios.
 */
export async function loadExercise(folder: string): Promise<Exercise> {
  const file = join(folder, "exercise.yaml");
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const message = hasErrno(error, "ENOENT") || hasErrno(error, "ENOTDIR") ? "no such file" : messageOf(error);
    throw new ScenarioError([{ file, line: 1, column: 1, path: "", message }], { cause: error });
  }
  const source = parseSource(file, bytes);
  const result = validate(source);
  if ("problems" in result) throw new ScenarioError(result.problems);
  const written = result.value;
  const problems: Problem[] = [];
  const tasks = await loadTasks(folder, written, source, problems);
  const points = sum(tasks.filter(({ extra }) => !extra).map((task) => task.points));
  if (problems.length === 0 && written.points !== undefined && toNumber(points) !== written.points) {
    problems.push(source.problem(["points"], `the scenarios' points add up to ${formatPoints(points)}`));
  }
  if (written.late !== undefined && written.due === undefined) problems.push(source.problem(["late"], "needs due", "key"));
  const due = written.due === undefined ? null : new Date(written.due);
  if (due !== null && Number.isNaN(due.getTime())) problems.push(source.problem(["due"], "there is no such time"));
  const solution = join(folder, written.solution ?? "solution");
  await checkFolders(folder, solution, written, source, problems);
  for (const [name, { fails = {}, ...verdict }] of Object.entries(written.knownBad ?? {})) {
    const saysSomething = Object.keys(fails).length > 0 || verdict.points !== undefined || verdict.refused === true;
    if (!saysSomething) problems.push(source.problem(["knownBad", name], "must say points, fails or refused: true", "key"));
    for (const [scenario, ids] of Object.entries(fails)) checkIds(["knownBad", name, "fails", scenario], scenario, ids);
  }
  for (const [index, { scenario, checks }] of (written.penalties ?? []).entries()) {
    checkIds(["penalties", index, "checks"], scenario, checks, ["penalties", index, "scenario"]);
  }
  for (const [index, { checks = {}, allOrNothing = [] }] of written.scenarios.entries()) {
    const name = tasks.find(({ index: of }) => of === index)?.plan.name;
    if (name === undefined) continue;
    for (const id of Object.keys(checks)) checkIds(["scenarios", index, "checks", id], name, [id], null);
    const groups = typeof allOrNothing === "boolean" ? [] : allOrNothing;
    for (const [at, ids] of groups.entries()) checkIds(["scenarios", index, "allOrNothing", at], name, ids);
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  const hash = createHash("sha256").update(bytes);
  for (const path of tasks.flatMap(({ plan }) => plan.files))
    hash.update(
      createHash("sha256")
        .update(await readFile(path))
        .digest(),
    );
  return {
    folder,
    title: written.title,
    handIn: written.handIn,
    due,
    late: written.late ?? null,
    penalties: (written.penalties ?? []).map(({ scenario, checks, points: off, about = null }) => ({
      scenario,
      checks,
      points: pointsOf(off),
      about,
    })),
    cap: written.cap === undefined ? null : pointsOf(written.cap),
    seed: written.seed ?? "",
    limits: limitsOf(written.limits ?? {}, written.engineSocket ?? false),
    tasks,
    points,
    solution,
    knownBad: Object.entries(written.knownBad ?? {}).map(([name, bad]) => ({ ...bad, name, folder: join(folder, "known-bad", name) })),
    digest: `sha256:${hash.digest("hex")}`,
  };

  function checkIds(path: SourcePath, scenario: string, ids: readonly string[], place: SourcePath | null = path): void {
    const plan = tasks.find((task) => task.plan.name === scenario)?.plan;
    if (plan === undefined) {
      problems.push(
        source.problem(place ?? path, `there is no scenario ${JSON.stringify(scenario)} here`, place === path ? "key" : undefined),
      );
      return;
    }
    const known = checkIdsOf(plan);
    for (const [index, id] of ids.entries()) {
      if (!known.includes(id))
        problems.push(
          place === null
            ? source.problem(path, `the scenario has no such check; it has ${known.join(", ")}`, "key")
            : source.problem([...path, index], `the scenario has no such check; it has ${known.join(", ")}`),
        );
    }
  }
}

/** The ids of what a report tells of a scenario one by one: its steps, and what its author expects. */
function checkIdsOf(plan: Plan): readonly string[] {
  const explicit = (expectations: Plan["expectations"]): string[] => expectations.filter((one) => one.explicit).map(({ id }) => id);
  return [...plan.steps.flatMap((step) => [step.id, ...explicit(step.expectations)]), ...explicit(plan.expectations)];
}

async function loadTasks(folder: string, written: WrittenExercise, source: Source, problems: Problem[]): Promise<readonly LoadedTask[]> {
  const tasks: LoadedTask[] = [];
  const shares = sharesOf(written, source, problems);
  for (const [index, scenario] of written.scenarios.entries()) {
    const { file, points, weight, hidden = false, feedback, visibility } = scenario;
    const path = ["scenarios", index];
    let plan: Plan;
    try {
      plan = planScenario(await loadScenario(join(folder, file)));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
      continue;
    }
    if (tasks.some((task) => task.plan.name === plan.name)) {
      problems.push(source.problem([...path, "file"], `another scenario is named ${plan.name} too`));
    }
    if (toNumber(plan.points) === 0 && points !== undefined && points > 0) {
      problems.push(source.problem([...path, "points"], "no expectation of the scenario earns points"));
    }
    tasks.push({
      plan,
      index,
      points: points !== undefined ? pointsOf(points) : weight === undefined ? plan.points : (shares.get(index) ?? plan.points),
      extra: scenario.extra ?? false,
      allOrNothing: scenario.allOrNothing === true ? true : scenario.allOrNothing || null,
      hintsFrom: scenario.hintsFrom ?? written.hintsFrom ?? 1,
      checks: scenario.checks ?? {},
      feedback: feedback ?? (hidden ? "kind" : "full"),
      visibility: visibility ?? "visible",
    });
  }
  return tasks;
}

type LoadedTask = Task & { readonly index: number };

/** What scenarios with weights are worth: what the others leave of the exercise's points, by weight. */
function sharesOf({ points, scenarios }: WrittenExercise, source: Source, problems: Problem[]): ReadonlyMap<number, Fraction> {
  const weighed = [...scenarios.entries()].filter(([, { weight }]) => weight !== undefined);
  if (weighed.length === 0) return new Map();
  const wrong = (message: string): ReadonlyMap<number, Fraction> => {
    problems.push(source.problem(["scenarios", weighed[0]?.[0] ?? 0, "weight"], message));
    return new Map();
  };
  if (points === undefined) return wrong("needs the exercise's points, of which it is a part");
  const others = scenarios.filter(({ weight }) => weight === undefined);
  if (others.some((one) => one.points === undefined && one.extra !== true)) return wrong("the scenarios without a weight must have points");
  if (scenarios.some((one) => one.weight !== undefined && (one.points !== undefined || one.extra === true))) {
    return wrong("a scenario has points, or is extra credit, or has a weight");
  }
  const left = subtract(pointsOf(points), sum(others.filter(({ extra }) => extra !== true).map((one) => pointsOf(one.points ?? 0))));
  if (left.numerator < 0n) return wrong("the other scenarios have more than the exercise's points already");
  const shares = shareByWeight(
    left,
    weighed.map(([, { weight }]) => pointsOf(weight ?? 0)),
  );
  return new Map(weighed.map(([index], at) => [index, shares[at] ?? zero]));
}

async function checkFolders(
  folder: string,
  solution: string,
  written: WrittenExercise,
  source: Source,
  problems: Problem[],
): Promise<void> {
  const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;
  if (!(await isFolder(solution))) problems.push(source.problem(["solution"], `there is no folder ${solution}`));
  const named = Object.keys(written.knownBad ?? {});
  const there: readonly string[] = await readdir(join(folder, "known-bad")).catch(() => []);
  for (const name of named) {
    if (!there.includes(name)) problems.push(source.problem(["knownBad", name], `there is no folder known-bad/${name}`, "key"));
  }
  for (const name of there) {
    if (!named.includes(name)) problems.push(source.problem(["knownBad"], `does not say what known-bad/${name} must get`));
  }
  const { taskFile } = written;
  for (const path of taskFile === undefined ? [] : typeof taskFile === "string" ? [taskFile] : Object.values(taskFile)) {
    const found = await stat(join(folder, path)).catch(() => null);
    if (found === null || !found.isFile()) problems.push(source.problem(["taskFile"], `there is no file ${path}`));
  }
}
