import { existsSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { expectationItems } from "./expectation-items.ts";
import { closest } from "./closest.ts";
import type { Capture, Scenario, Step, StepExpectation, WriteFile } from "./scenario.generated.ts";
import type { SourcePath } from "./source.ts";
import {
  checkAction,
  checkExpectations,
  checkInside,
  checkJsonPath,
  checkMatchers,
  checkPattern,
  checkRequest,
  checkSignal,
  checkStrings,
  type Report,
  unknownVariable,
} from "./check-parts.ts";

/** What earlier steps are, for those that speak of them by name. */
export type Earlier = ReadonlyMap<string, { readonly index: number; readonly background: boolean }>;

const ACTIONS = ["run", "terminal", "write", "copy", "http", "wait", "signal", "sleep", "until"] as const;
type Action = (typeof ACTIONS)[number];

/** Which steps may have a key. */
const KEYS_FOR: Readonly<Partial<Record<keyof Step, readonly Action[]>>> = {
  stdin: ["run"],
  background: ["run"],
  user: ["run", "terminal"],
  env: ["run", "terminal"],
  cwd: ["run", "terminal"],
  timeout: ["run", "terminal", "http", "wait", "until"],
  capture: ["run", "terminal", "http", "wait"],
  mayFail: ["run", "terminal", "http", "wait"],
};

/** Which steps' outcome has what may be expected of it. */
const OUTCOME_OF: Readonly<Record<string, readonly Action[]>> = {
  exitCode: ["run", "terminal", "wait"],
  stdout: ["run", "terminal", "wait"],
  stderr: ["run", "terminal", "wait"],
  status: ["http"],
  headers: ["http"],
  body: ["http"],
};

/** Steps that are done again for what is expected of them eventually. */
const REPEATED: readonly Action[] = ["run", "http"];

/** Where a step stands: what is known before it. */
export interface StepPlace {
  readonly path: SourcePath;
  /** Those set before it; what it captures is added. */
  readonly variables: Set<string>;
  readonly earlier: Earlier;
  readonly fixtures: NonNullable<Scenario["fixtures"]>;
  /** The scenario's file. */
  readonly file: string;
}

/** What a schema cannot say of a step. */
export function checkStep(step: Step, place: StepPlace, report: Report): void {
  const { path, variables, earlier } = place;
  const action = ACTIONS.find((kind) => step[kind] !== undefined) ?? "run";
  checkKeys(step, action, path, report);
  const visible = new Set([...variables, ...Object.keys(step.env ?? {})]);
  checkStrings(step.env ?? {}, [...path, "env"], variables, report);
  checkStrings(step.cwd ?? "", [...path, "cwd"], visible, report);
  if (step.cwd !== undefined) checkInside(step.cwd, [...path, "cwd"], report);
  if (step.write !== undefined) checkWrite(step.write, visible, place, report);
  for (const key of ["from", "to"] as const) {
    if (step.copy === undefined) break;
    checkStrings(step.copy[key], [...path, "copy", key], visible, report);
    checkInside(step.copy[key], [...path, "copy", key], report);
  }
  if (step.http !== undefined) {
    checkStrings(step.http, [...path, "http"], visible, report);
    checkRequest(step.http, [...path, "http"], report);
  }
  checkReferences(step, path, earlier, report);
  checkCondition(step, path, variables, report);
  for (const [index, one] of (step.terminal?.script ?? []).entries()) {
    checkAction(one, [...path, "terminal", "script", index], visible, report);
  }
  for (const [name, capture] of Object.entries(step.capture ?? {})) {
    if (typeof capture === "object") checkCapture(capture, [...path, "capture", name], visible, report);
    variables.add(name);
    visible.add(name);
  }
  checkExpectations(step.expect, [...path, "expect"], visible, report);
  checkExpectations(step.until, [...path, "until"], visible, report);
}

function checkKeys(step: Step, action: Action, path: SourcePath, report: Report): void {
  for (const [key, kinds] of Object.entries(KEYS_FOR)) {
    if (step[key as keyof Step] !== undefined && !kinds.includes(action))
      report([...path, key], `${key} is only for ${kinds.join(", ")}, not for ${action}`, "key");
  }
  if (step.background === true) {
    for (const key of ["capture", "timeout", "mayFail"] as const) {
      if (step[key] !== undefined) report([...path, key], `a step in the background is not waited for, so it has no ${key}`, "key");
    }
  }
  for (const [item, at] of expectationItems(step.expect, [...path, "expect"])) {
    for (const [key, kinds] of Object.entries(OUTCOME_OF)) {
      if (item[key as keyof StepExpectation] === undefined) continue;
      if (!kinds.includes(action)) report([...at, key], `${key} is of ${kinds.join(", ")}: ${action} has none`, "key");
      else if (step.background === true) {
        // What it has printed so far can be waited for.
        if (item.eventually !== undefined && key !== "exitCode") continue;
        const hint = key === "exitCode" ? "" : " but eventually";
        report([...at, key], `a step in the background is not waited for, so it has no ${key}${hint}`, "key");
      } else if (item.eventually !== undefined && !REPEATED.includes(action)) {
        report([...at, key], `${action} is done once, so its ${key} does not change: eventually is for ${REPEATED.join(", ")}`, "key");
      }
    }
  }
}

function checkCondition(step: Step, path: SourcePath, variables: ReadonlySet<string>, report: Report): void {
  if (step.if === undefined) return;
  const at = [...path, "if", "variables"];
  for (const name of Object.keys(step.if.variables ?? {})) {
    if (!variables.has(name)) report([...at, name], unknownVariable(name, variables), "key");
  }
  checkStrings(step.if.variables ?? {}, at, variables, report);
  checkMatchers({ variables: step.if.variables ?? {} }, [...path, "if"], report);
  for (const [item, itemAt] of expectationItems(step.expect, [...path, "expect"])) {
    if (item.points !== undefined) report([...itemAt, "points"], "what may not be done earns no points", "key");
  }
}

function checkCapture(capture: Exclude<Capture, string>, path: SourcePath, variables: ReadonlySet<string>, report: Report): void {
  const { from, matches, path: jsonPath, secret: _, ...things } = capture;
  checkStrings(things, path, variables, report);
  const isOfOutput = from !== undefined && matches !== undefined && jsonPath === undefined && Object.keys(things).length === 0;
  const isOfState = from === undefined && matches === undefined && jsonPath !== undefined && Object.keys(things).length === 1;
  if (!isOfOutput && !isOfState) report(path, "must have from and matches; or path and one of container, image, volume, network");
  if (matches !== undefined) checkPattern(matches, [...path, "matches"], report);
  if (jsonPath !== undefined) checkJsonPath(jsonPath, [...path, "path"], report, "value");
}

function checkWrite(write: WriteFile, visible: ReadonlySet<string>, { path: step, fixtures, file }: StepPlace, report: Report): void {
  const path = [...step, "write"];
  checkStrings(write.path, [...path, "path"], visible, report);
  checkInside(write.path, [...path, "path"], report);
  const { content, fixture } = write;
  if ((content === undefined) === (fixture === undefined)) report(path, "must have exactly one of the keys content, fixture");
  if (fixture === undefined || Object.hasOwn(fixtures, fixture)) return;
  checkInside(fixture, [...path, "fixture"], report, "the scenario's folder");
  if (existsSync(join(dirname(file), fixture))) return;
  const meant = closest(fixture, Object.keys(fixtures));
  const hint = meant === null ? "" : `; did you mean ${meant}?`;
  report([...path, "fixture"], `there is no fixture ${fixture}, neither in fixtures nor beside this file${hint}`);
}

/** Steps that are spoken of by name must come before, and run on where that is meant. */
function checkReferences(step: Step, path: SourcePath, earlier: Earlier, report: Report): void {
  const refer = (name: string | undefined, at: readonly string[], inBackground: boolean): void => {
    if (name === undefined) return;
    const found = earlier.get(name);
    const meant = closest(name, [...earlier.keys()]);
    const hint = meant === null ? "" : `; did you mean ${meant}?`;
    if (found === undefined) report([...path, ...at], `no earlier step has the name ${JSON.stringify(name)}${hint}`);
    else if (inBackground && !found.background) report([...path, ...at], `step ${found.index + 1} is not in the background`);
  };
  refer(step.wait, ["wait"], true);
  refer(step.signal?.step, ["signal", "step"], true);
  if (step.signal !== undefined) checkSignal(step.signal.send, [...path, "signal", "send"], report);
  refer(step.if?.passed, ["if", "passed"], false);
  refer(step.if?.failed, ["if", "failed"], false);
}
