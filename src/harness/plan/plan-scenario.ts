import { messageOf } from "../../base/errors.ts";
import { expectationItems } from "../scenario/expectation-items.ts";
import { parseDuration } from "../scenario/duration.ts";
import type { LoadedScenario } from "../scenario/load.ts";
import type { Env, StateExpectation, Step, StepExpectation } from "../scenario/scenario.generated.ts";
import { type Sequence, sequencesOf } from "../scenario/parts.ts";
import { ScenarioError } from "../scenario/scenario-error.ts";
import type { SourcePath } from "../scenario/source.ts";
import { replaceVariables } from "../scenario/variables.ts";
import { describeAction, describeSubject, joinTexts, textIn } from "./describe.ts";
import { sum, zero } from "./fraction.ts";
import { sharePoints, type Group } from "./points.ts";
import type { Expectation, ExpectationSubject, Location, Plan, PlannedStep, StepAction } from "./plan.ts";
import { actionOf, conditionOf, type StepPlanning } from "./step-action.ts";
import { subjectsOf, type Subject } from "./subjects.ts";
import { combinationsOf, type Given, type ResolvedVariables, resolveVariables } from "./variables.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_UNTIL = "10s";
const DEFAULT_INTERVAL_MS = 50;

type Locate = (path: SourcePath, of?: "key" | "value") => Location;

/**
 * What is to be done and looked at, in order.
 * @throws ScenarioError when the points do not add up.
 */
export function planScenario(loaded: LoadedScenario, given: Given = {}): Plan {
  const plans = planScenarios(loaded, given);
  const [plan] = plans;
  if (plan === undefined || plans.length > 1)
    throw new ScenarioError([
      loaded.source.problem([loaded.scenario.parts === undefined ? "matrix" : "parts"], "there must be one combination or part here"),
    ]);
  return plan;
}

/** The same, a plan for each combination of the scenario's matrix. */
export function planScenarios(loaded: LoadedScenario, given: Given = {}): readonly Plan[] {
  const { matrix } = loaded.scenario;
  return combinationsOf(matrix).flatMap((combination) => {
    const variables = resolveVariables(loaded.scenario, combination, given);
    const suffix = matrix === undefined ? "" : `[${Object.values(combination).join(",")}]`;
    const planned = new Map<Sequence, Plan>();
    for (const sequence of sequencesOf(loaded)) {
      const needs = sequence.needs === null ? null : (planned.get(sequence.needs) ?? null);
      const plan = planSequence(sequence, variables);
      const name = `${plan.name}${suffix}${sequence.part === null ? "" : `/${sequence.part.name}`}`;
      planned.set(sequence, { ...plan, name, needs, files: loaded.files });
    }
    return [...planned.values()];
  });
}

function planSequence({ scenario, source, location, setups }: Sequence, variables: ResolvedVariables): Plan {
  const locate: Locate = (path, of) => source.locate(path, of);
  const byName = new Map(scenario.steps.map(({ name }, index) => [name, stepId(index)] as const));
  const context: StepPlanning = {
    locate,
    fixtures: scenario.fixtures ?? {},
    idOf: (name) => byName.get(name) ?? name,
  };
  const steps = scenario.steps.map((step, index) => planStep(step, index, context));
  const end = planItems(scenario.expect, ["expect"], "expect", locate);
  // What may not be done at all earns nothing.
  const sure = steps.filter(({ step }, index) => step.condition === null && index >= setups);
  const groups = [...sure.flatMap(({ groups: own }) => own), ...end];
  let shares: ReturnType<typeof sharePoints>;
  try {
    shares = sharePoints(groups, scenario.points);
  } catch (error) {
    throw new ScenarioError([source.problem(["points"], messageOf(error))], { cause: error });
  }
  const withPoints = (all: readonly Group[]): Expectation[] =>
    all.flatMap(({ expectations }) => expectations.map((one) => ({ ...one, points: shares.get(one.id) ?? zero })));
  return {
    file: source.file,
    name: scenario.name,
    title: scenario.title ?? null,
    description: scenario.description ?? null,
    help: scenario.help ?? null,
    tags: scenario.tags ?? [],
    location,
    points: sum(shares.values()),
    timeoutMs: scenario.timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDuration(scenario.timeout),
    images: (scenario.images ?? []).map((image) => replaceVariables(image, (name) => variables.values[name] ?? "")),
    requires: { ...scenario.requires, unset: variables.unset },
    env: variables.values,
    drawn: variables.drawn,
    secretNames: variables.secrets,
    secrets: variables.secrets.flatMap((name) => variables.values[name] ?? []),
    steps: steps.map(({ step, groups: own }) => ({ ...step, expectations: withPoints(own) })),
    expectations: withPoints(end),
    cleanup: scenario.cleanup ?? [],
    needs: null,
    files: [source.file],
  };
}

function stepId(index: number): string {
  return `step-${index + 1}`;
}

/** A step that speaks of another does so by the name that its author gave it. */
function inItsWords(action: StepAction, { wait, signal }: Step): StepAction {
  const other = wait ?? signal?.step;
  return (action.kind === "wait" || action.kind === "signal") && other !== undefined ? { ...action, step: other } : action;
}

function planStep(step: Step, index: number, context: StepPlanning): { step: PlannedStep; groups: readonly Group[] } {
  const path = ["steps", index];
  const id = stepId(index);
  const { locate, idOf } = context;
  const action = actionOf(step, path, context);
  const planned: PlannedStep = {
    id,
    title: step.name ?? (step.title === undefined ? describeAction(inItsWords(action, step)) : textIn(step.title, "en")),
    ...(step.title !== undefined && { shownTitle: step.title }),
    location: locate(path),
    action,
    env: envOf(step.env),
    cwd: step.cwd ?? ".",
    user: step.user ?? null,
    condition: step.if === undefined ? null : conditionOf(step.if, idOf),
    timeoutMs: step.timeout === undefined ? null : parseDuration(step.timeout),
    capture: step.capture ?? {},
    expectations: [],
  };
  const groups = [...implicitGroups(step, action, id, planned.location), ...planItems(step.expect, [...path, "expect"], id, locate)];
  if (step.until !== undefined) {
    const awaited = { eventually: { timeout: step.timeout ?? DEFAULT_UNTIL }, ...step.until, must: true };
    groups.push(...planItems(awaited, [...path, "until"], `${id}/until`, locate));
  }
  return { step: planned, groups };
}

/** What holds of a step unless its author says otherwise. */
function implicitGroups(step: Step, action: StepAction, id: string, location: Location): readonly Group[] {
  const base = {
    location,
    placeOf: () => location,
    points: zero,
    help: null,
    eventually: null,
    waiver: null,
    must: false,
    explicit: false,
  } as const;
  const expectations: Expectation[] = [];
  const implicit = (subject: ExpectationSubject): void => {
    expectations.push({ id: `${id}/${subject.kind}`, title: describeSubject(subject), ...base, ...subject });
  };
  if (action.kind === "terminal") implicit({ kind: "dialogue" });
  const items = expectationItems(step.expect, []).map(([item]) => item);
  const isWaitedFor = ["terminal", "wait"].includes(action.kind) || (action.kind === "command" && !action.background);
  if (isWaitedFor && step.mayFail !== true && !items.some(({ exitCode }) => exitCode !== undefined))
    implicit({ kind: "exitCode", expected: 0 });
  const isJudged = items.some(({ status, headers, body }) => (status ?? headers ?? body) !== undefined);
  if (action.kind === "http" && step.mayFail !== true && !isJudged) implicit({ kind: "response", expected: {} });
  return [{ expectations, points: undefined }];
}

function planItems<T extends StepExpectation | StateExpectation>(
  expect: T | T[] | undefined,
  path: SourcePath,
  id: string,
  locate: Locate,
): readonly Group[] {
  return expectationItems(expect, path).map(([item, at], index) => {
    const subjects = subjectsOf(item);
    const prefix = Array.isArray(expect) ? `${id}/${index + 1}` : id;
    // What is expected of a response has its own key in it.
    const plan = ({ path: below, subject }: Subject): Expectation => {
      const detail = describeSubject(subject);
      return {
        id: `${prefix}/${below.join("/")}`,
        title: item.title === undefined ? detail : subjects.length === 1 ? item.title : joinTexts(item.title, detail),
        location: locate([...at, ...below], "key"),
        placeOf: (inside) => locate([...at, ...(subject.kind === "response" ? [] : below), ...inside], "key"),
        points: zero,
        help: item.help ?? null,
        eventually: eventuallyOf(item.eventually),
        waiver: item.waive ?? null,
        must: item.must ?? false,
        explicit: true,
        ...subject,
      };
    };
    return { expectations: subjects.map(plan), points: item.points };
  });
}

function eventuallyOf(eventually: StateExpectation["eventually"]): Expectation["eventually"] {
  if (eventually === undefined) return null;
  const intervalMs = eventually.interval === undefined ? DEFAULT_INTERVAL_MS : parseDuration(eventually.interval);
  return { timeoutMs: parseDuration(eventually.timeout), intervalMs };
}

function envOf(env: Env | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [name, String(value)]));
}
