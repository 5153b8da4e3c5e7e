import { messageOf } from "../../base/errors.ts";
import { expectationItems } from "../scenario/check.ts";
import { parseDuration } from "../scenario/duration.ts";
import { parseKeys } from "../scenario/keys.ts";
import type { LoadedScenario } from "../scenario/load.ts";
import type { Env, StateExpectation, Step, StepExpectation, TerminalAction as WrittenAction } from "../scenario/scenario.generated.ts";
import { ScenarioError } from "../scenario/scenario-error.ts";
import type { SourcePath } from "../scenario/source.ts";
import { describeAction, describeSubject, joinTexts } from "./describe.ts";
import { sum, zero } from "./fraction.ts";
import { sharePoints, type Group } from "./points.ts";
import type { Expectation, ExpectationSubject, Location, Plan, PlannedStep, StepAction, TerminalAction } from "./plan.ts";
import { subjectsOf, type Subject } from "./subjects.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_EXPECT_MS = 5000;
const DEFAULT_INTERVAL_MS = 50;

type Locate = (path: SourcePath, of?: "key" | "value") => Location;

/**
 * What is to be done and looked at, in order.
 * @throws ScenarioError when the points do not add up.
 */
export function planScenario({ scenario, source }: LoadedScenario): Plan {
  const locate: Locate = (path, of) => ({ file: source.file, ...source.locate(path, of) });
  const steps = scenario.steps.map((step, index) => planStep(step, index, locate));
  const end = planItems(scenario.expect, ["expect"], "expect", locate);
  const groups = [...steps.flatMap(({ groups: own }) => own), ...end];
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
    location: locate(["name"], "key"),
    points: sum(shares.values()),
    timeoutMs: scenario.timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDuration(scenario.timeout),
    images: scenario.images ?? [],
    requires: scenario.requires ?? {},
    env: envOf(scenario.env),
    steps: steps.map(({ step, groups: own }) => ({ ...step, expectations: withPoints(own) })),
    expectations: withPoints(end),
    cleanup: scenario.cleanup ?? [],
  };
}

function planStep(step: Step, index: number, locate: Locate): { step: PlannedStep; groups: readonly Group[] } {
  const path = ["steps", index];
  const id = `step-${index + 1}`;
  const action = actionOf(step, path, locate);
  const planned: PlannedStep = {
    id,
    title: step.name ?? describeAction(action),
    location: locate(path),
    action,
    env: envOf(step.env),
    cwd: step.cwd ?? ".",
    timeoutMs: step.timeout === undefined ? null : parseDuration(step.timeout),
    capture: step.capture ?? {},
    expectations: [],
  };
  return {
    step: planned,
    groups: [...implicitGroups(step, action, id, planned.location), ...planItems(step.expect, [...path, "expect"], id, locate)],
  };
}

function actionOf(step: Step, path: SourcePath, locate: Locate): StepAction {
  const { run, terminal, write } = step;
  if (terminal !== undefined) {
    return {
      kind: "terminal",
      command: terminal.command,
      columns: terminal.columns ?? 80,
      rows: terminal.rows ?? 24,
      script: terminal.script.map((action, index) => planAction(action, locate([...path, "terminal", "script", index]))),
    };
  }
  if (write !== undefined) {
    return { kind: "write", path: write.path, content: write.content, mode: Number.parseInt(write.mode ?? "0644", 8) };
  }
  return { kind: "command", command: run ?? "", stdin: step.stdin ?? "", background: step.background ?? false };
}

function planAction({ line, send, keys, expect, resize }: WrittenAction, location: Location): TerminalAction {
  if (line !== undefined) return { kind: "type", text: `${line}\r`, location };
  if (send !== undefined) return { kind: "type", text: send, location };
  if (keys !== undefined) return { kind: "type", text: parseKeys(keys), location };
  if (resize !== undefined) return { kind: "resize", ...resize, location };
  if (expect === undefined) return { kind: "close", location };
  if (typeof expect === "string") return { kind: "expect", awaited: { contains: expect }, timeoutMs: DEFAULT_EXPECT_MS, location };
  const { contains, matches = "", timeout } = expect;
  const timeoutMs = timeout === undefined ? DEFAULT_EXPECT_MS : parseDuration(timeout);
  return { kind: "expect", awaited: contains === undefined ? { matches } : { contains }, timeoutMs, location };
}

/** What holds of a step unless its author says otherwise. */
function implicitGroups(step: Step, action: StepAction, id: string, location: Location): readonly Group[] {
  const base = { location, points: zero, help: null, eventually: null, must: false, explicit: false } as const;
  const expectations: Expectation[] = [];
  const implicit = (subject: ExpectationSubject): void => {
    expectations.push({ id: `${id}/${subject.kind}`, title: describeSubject(subject), ...base, ...subject });
  };
  if (action.kind === "terminal") implicit({ kind: "dialogue" });
  const isWaitedFor = action.kind === "terminal" || (action.kind === "command" && !action.background);
  const says = expectationItems(step.expect, []).some(([item]) => item.exitCode !== undefined);
  if (isWaitedFor && !says) implicit({ kind: "exitCode", expected: 0 });
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
    const plan = ({ path: below, subject }: Subject): Expectation => {
      const detail = describeSubject(subject);
      return {
        id: `${prefix}/${below.join("/")}`,
        title: item.title === undefined ? detail : subjects.length === 1 ? item.title : joinTexts(item.title, detail),
        location: locate([...at, ...below], "key"),
        points: zero,
        help: item.help ?? null,
        eventually: eventuallyOf(item.eventually),
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
