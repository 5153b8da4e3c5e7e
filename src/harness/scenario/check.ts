import { constants } from "node:os";
import { compile as compileJsonPath } from "json-p3";
import { isAbsolute, normalize } from "node:path/posix";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { parseReference } from "../../oci/reference.ts";
import { closest } from "./closest.ts";
import { parseKeys } from "./keys.ts";
import { compilePattern } from "./pattern.ts";
import type {
  Difference,
  File,
  HttpAnswer,
  HttpRequest,
  Scenario,
  StateExpectation,
  Step,
  StepExpectation,
  TerminalAction,
} from "./scenario.generated.ts";
import type { Problem } from "./scenario-error.ts";
import type { Source, SourcePath } from "./source.ts";
import { parseHttpUrl } from "./http-url.ts";
import { BUILT_IN_VARIABLES, variablesIn } from "./variables.ts";

type Report = (path: SourcePath, message: string, of?: "key" | "value") => void;
type Item = StepExpectation | StateExpectation;

/** What a schema cannot say: names used twice, patterns that are none, variables nobody sets, paths that lead out, contradictions. */
export function checkScenario(scenario: Scenario, source: Source): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, message, of) => problems.push(source.problem(path, message, of));
  const variables = new Set([...BUILT_IN_VARIABLES, ...Object.keys(scenario.env ?? {})]);
  checkStrings(scenario.env ?? {}, ["env"], new Set(BUILT_IN_VARIABLES), report);
  for (const [index, image] of (scenario.images ?? []).entries()) checkReference(image, ["images", index], report);
  const names = new Map<string, number>();
  for (const [index, step] of scenario.steps.entries()) {
    const path = ["steps", index];
    if (step.name !== undefined) {
      const earlier = names.get(step.name);
      if (earlier !== undefined) report([...path, "name"], `step ${earlier + 1} has the same name`);
      else names.set(step.name, index);
    }
    checkStep(step, path, variables, report);
  }
  checkExpectations(scenario.expect, ["expect"], variables, report);
  return problems;
}

/** Adds what the step captures to `variables`. */
function checkStep(step: Step, path: SourcePath, variables: Set<string>, report: Report): void {
  const isCommand = step.run !== undefined;
  for (const key of ["stdin", "background"] as const) {
    if (step[key] !== undefined && !isCommand) report([...path, key], `${key} is only for run`, "key");
  }
  for (const key of ["env", "cwd", "timeout", "capture"] as const) {
    if (step[key] !== undefined && step.write !== undefined) report([...path, key], `${key} is not for write`, "key");
  }
  if (step.background === true) {
    for (const key of ["capture", "timeout"] as const) {
      if (step[key] !== undefined) report([...path, key], `a step in the background is not waited for, so it has no ${key}`, "key");
    }
  }
  const visible = new Set([...variables, ...Object.keys(step.env ?? {})]);
  checkStrings(step.env ?? {}, [...path, "env"], variables, report);
  checkStrings(step.cwd ?? "", [...path, "cwd"], visible, report);
  if (step.cwd !== undefined) checkInside(step.cwd, [...path, "cwd"], report);
  if (step.write !== undefined) {
    checkStrings(step.write.path, [...path, "write", "path"], visible, report);
    checkInside(step.write.path, [...path, "write", "path"], report);
  }
  for (const [index, action] of (step.terminal?.script ?? []).entries()) {
    checkAction(action, [...path, "terminal", "script", index], visible, report);
  }
  for (const [name, capture] of Object.entries(step.capture ?? {})) {
    if (typeof capture === "object") checkPattern(capture.matches, [...path, "capture", name, "matches"], report);
    variables.add(name);
    visible.add(name);
  }
  const isWaitedFor = step.write === undefined && step.background !== true;
  for (const [item, at] of expectationItems(step.expect, [...path, "expect"])) {
    for (const key of ["exitCode", "stdout", "stderr"] as const) {
      if (item[key] === undefined) continue;
      const why = step.write !== undefined ? "a written file has" : "a step in the background is not waited for, so it has";
      if (!isWaitedFor) report([...at, key], `${why} no ${key}`, "key");
      if (item.eventually !== undefined) report([...at, key], `${key} does not change any more: eventually has no meaning for it`, "key");
    }
  }
  checkExpectations(step.expect, [...path, "expect"], visible, report);
}

function checkAction(action: TerminalAction, path: SourcePath, variables: ReadonlySet<string>, report: Report): void {
  if (action.keys !== undefined) {
    try {
      parseKeys(action.keys);
    } catch (error) {
      report([...path, "keys"], messageOf(error));
    }
  }
  if (action.expect === undefined) return;
  const at = [...path, "expect"];
  checkStrings(action.expect, at, variables, report);
  if (typeof action.expect === "string") return;
  if ((action.expect.contains === undefined) === (action.expect.matches === undefined))
    report(at, "must have exactly one of contains and matches");
  if (action.expect.matches !== undefined) checkPattern(action.expect.matches, [...at, "matches"], report);
}

/** The maps of an `expect`, whether it is one or a list, with their places. */
export function expectationItems<T extends Item>(expect: T | T[] | undefined, path: SourcePath): readonly (readonly [T, SourcePath])[] {
  if (expect === undefined) return [];
  return Array.isArray(expect) ? expect.map((item, index) => [item, [...path, index]] as const) : [[expect, path]];
}

const ABOUT = new Set(["title", "points", "help", "eventually", "must"]);

function checkExpectations(expect: Item | Item[] | undefined, path: SourcePath, variables: ReadonlySet<string>, report: Report): void {
  for (const [item, at] of expectationItems<Item>(expect, path)) {
    if (Object.keys(item).every((key) => ABOUT.has(key))) report(at, "expects nothing");
    for (const [key, value] of Object.entries(item)) {
      if (ABOUT.has(key)) continue;
      checkStrings(value, [...at, key], variables, report);
      checkMatchers(value, [...at, key], report);
    }
    for (const [name, container] of Object.entries(item.containers ?? {})) checkAbsence(container, [...at, "containers", name], report);
    for (const [ref, image] of Object.entries(item.images ?? {})) {
      checkReference(ref, [...at, "images", ref], report);
      checkAbsence(image, [...at, "images", ref], report);
    }
    for (const [name, volume] of Object.entries(item.volumes ?? {})) checkAbsence(volume, [...at, "volumes", name], report);
    for (const [name, network] of Object.entries(item.networks ?? {})) checkAbsence(network, [...at, "networks", name], report);
    for (const [index, ref] of (item.only?.images ?? []).entries()) checkReference(ref, [...at, "only", "images", index], report);
    for (const [index, one] of (item.differences ?? []).entries()) checkDifference(one, [...at, "differences", index], report);
    for (const [index, answer] of (item.http ?? []).entries()) checkAnswer(answer, [...at, "http", index], report);
    for (const [index, file] of (item.files ?? []).entries()) checkFile(file, [...at, "files", index], report);
    for (const tar of Object.keys(item.entries ?? {})) checkInside(tar, [...at, "entries", tar], report);
  }
}

function checkFile(file: File, path: SourcePath, report: Report): void {
  const places = (["container", "image", "volume", "tar"] as const).filter((key) => file[key] !== undefined);
  if (places.length > 1) report(path, `a file is in one place, not in ${places.join(" and ")}`);
  if ((file.container !== undefined || file.image !== undefined) && !file.path.startsWith("/") && !file.path.startsWith("${")) {
    report([...path, "path"], "must begin with / in a container or an image");
  }
  if (file.tar !== undefined) checkInside(file.tar, [...path, "tar"], report);
  if (places.length === 0) checkInside(file.path, [...path, "path"], report);
  if (file.image !== undefined) checkReference(file.image, [...path, "image"], report);
  const { container: _c, image: _i, volume: _v, tar: _t, path: _p, ...facts } = file;
  checkAbsence(facts, path, report);
}

function checkDifference({ from, to, files, config }: Difference, path: SourcePath, report: Report): void {
  if (from.image !== undefined) checkReference(from.image, [...path, "from", "image"], report);
  if (to.image !== undefined) checkReference(to.image, [...path, "to", "image"], report);
  if (files === undefined && config === undefined) report(path, "expects nothing: it must have files or config");
}

function checkAnswer({ request, ...expected }: HttpAnswer, path: SourcePath, report: Report): void {
  checkRequest(request, [...path, "request"], report);
  const { answers, ...facts } = expected;
  if (answers === false && Object.keys(facts).length > 0)
    report(path, `cannot be expected not to be answered and to have ${Object.keys(facts).join(", ")}`);
}

function checkRequest(request: HttpRequest, path: SourcePath, report: Report): void {
  const [url, at] = typeof request === "string" ? [request, path] : [request.url, [...path, "url"]];
  if (variablesIn(url).length > 0) return;
  try {
    parseHttpUrl(url);
  } catch (error) {
    report(at, messageOf(error));
  }
}

/** What is not there has no properties. */
function checkAbsence(facts: object | string, path: SourcePath, report: Report): void {
  if (typeof facts !== "object" || !("exists" in facts) || facts.exists !== false) return;
  // Events tell of states that were.
  const others = Object.keys(facts).filter((key) => key !== "exists" && key !== "states");
  if (others.length > 0) report(path, `cannot be expected not to exist and to have ${others.join(", ")}`);
}

/** Regular expressions, ranges and line lists, wherever they are in an expectation. */
function checkMatchers(value: unknown, path: SourcePath, report: Report): void {
  if (typeof value !== "object" || value === null) return;
  const { min, max } = value as { min?: unknown; max?: unknown };
  if (typeof min === "number" && typeof max === "number" && min > max) report(path, `min ${min} is more than max ${max}`);
  if ("unordered" in value && value.unordered === true && !("lines" in value) && !("values" in value))
    report([...path, "unordered"], "is only for lines and values", "key");
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === "json" || key === "inspect") for (const one of Object.keys(inner as object)) checkJsonPath(one, [...at, one], report);
    if (key === "signal") [inner].flat().forEach((one) => checkSignal(String(one), at, report));
    if (key !== "matches") checkMatchers(inner, at, report);
    else if (Array.isArray(inner)) inner.forEach((one, index) => checkPattern(String(one), [...at, index], report));
    else if (typeof inner === "string") checkPattern(inner, at, report);
  }
}

function checkPattern(pattern: string, path: SourcePath, report: Report): void {
  try {
    // A variable's value is escaped when it is put in, so any text may stand for it here.
    compilePattern(pattern.replaceAll(/\$\{[A-Za-z_]\w*\}/g, "x"));
  } catch (error) {
    report(path, `is no regular expression: ${messageOf(error).replace(/^Invalid regular expression: /, "")}`);
  }
}

function checkJsonPath(path: string, at: SourcePath, report: Report): void {
  try {
    compileJsonPath(path.replaceAll(/\$\{[A-Za-z_]\w*\}/g, "x"));
  } catch (error) {
    report(at, `is no JSON path: ${messageOf(error)}`, "key");
  }
}

function checkSignal(signal: string, at: SourcePath, report: Report): void {
  const names = Object.keys(constants.signals).map((name) => name.replace(/^SIG/, ""));
  const name = signal.replace(/^SIG/, "");
  if (names.includes(name)) return;
  const meant = closest(name, names);
  report(at, `there is no signal ${signal}${meant === null ? "" : `; did you mean ${meant}?`}`);
}

function checkReference(ref: string, path: SourcePath, report: Report): void {
  if (variablesIn(ref).length > 0) return;
  try {
    if (!/^[0-9a-f]{64}$/.test(ref)) parseReference(ref);
  } catch (error) {
    if (error instanceof InvalidArgumentError) report(path, error.message, "key");
    else throw error;
  }
}

function checkInside(path: string, at: SourcePath, report: Report): void {
  const clean = normalize(path);
  if (isAbsolute(path) || clean === ".." || clean.startsWith("../")) report(at, "must be a path within the work directory");
  if (path.includes("\0")) report(at, "must not hold a NUL character");
}

/** Every `${NAME}` in the keys and texts of `value` must be known. */
function checkStrings(value: unknown, path: SourcePath, known: ReadonlySet<string>, report: Report): void {
  if (typeof value === "string") {
    for (const name of variablesIn(value)) if (!known.has(name)) report(path, unknownVariable(name, known));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, Array.isArray(value) ? Number(key) : key];
      for (const name of variablesIn(key)) if (!known.has(name)) report(at, unknownVariable(name, known), "key");
      checkStrings(inner, at, known, report);
    }
  }
}

function unknownVariable(name: string, known: ReadonlySet<string>): string {
  const meant = closest(name, [...known]);
  return `nothing sets the variable ${name}${meant === null ? " ($${ stands for ${ itself)" : `; did you mean ${meant}?`}`;
}
