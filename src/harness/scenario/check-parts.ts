import { constants } from "node:os";
import { compile as compileJsonPath } from "json-p3";
import { isAbsolute, normalize } from "node:path/posix";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { parseReference } from "../../oci/reference.ts";
import { closest } from "./closest.ts";
import { expectationItems } from "./expectation-items.ts";
import { parseHttpUrl } from "./http-url.ts";
import { belowKey } from "./named-maps.ts";
import { parseKeys } from "./keys.ts";
import { compilePattern } from "./pattern.ts";
import type { Difference, File, HttpAnswer, HttpRequest, StateExpectation, StepExpectation, TerminalAction } from "./scenario.generated.ts";
import type { SourcePath } from "./source.ts";
import { variablesIn } from "./variables.ts";

/** Tells of something wrong at a place, or at the place of its key. */
export type Report = (path: SourcePath, message: string, of?: "key" | "value") => void;
type Item = StepExpectation | StateExpectation;

export function checkAction(action: TerminalAction, path: SourcePath, variables: ReadonlySet<string>, report: Report): void {
  if (action.keys !== undefined) {
    try {
      parseKeys(action.keys);
    } catch (error) {
      report([...path, "keys"], messageOf(error));
    }
  }
  if (typeof action.screen === "object") checkMatchers(action.screen, [...path, "screen"], report);
  if (action.screen !== undefined) checkStrings(action.screen, [...path, "screen"], variables, report);
  if (action.expect === undefined) return;
  const at = [...path, "expect"];
  checkStrings(action.expect, at, variables, report);
  if (typeof action.expect === "string") return;
  if ((action.expect.contains === undefined) === (action.expect.matches === undefined))
    report(at, "must have exactly one of contains and matches");
  if (action.expect.matches !== undefined) checkPattern(action.expect.matches, [...at, "matches"], report);
}

const ABOUT = new Set(["title", "points", "help", "eventually", "must", "waive"]);

export function checkExpectations(
  expect: Item | Item[] | undefined,
  path: SourcePath,
  variables: ReadonlySet<string>,
  report: Report,
): void {
  for (const [item, at] of expectationItems<Item>(expect, path)) {
    if (Object.keys(item).every((key) => ABOUT.has(key))) report(at, "expects nothing");
    for (const [key, value] of Object.entries(item)) {
      if (ABOUT.has(key)) continue;
      checkStrings(value, [...at, key], variables, report);
      checkMatchers({ [key]: value }, at, report);
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

export function checkRequest(request: HttpRequest, path: SourcePath, report: Report): void {
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
export function checkMatchers(value: unknown, path: SourcePath, report: Report): void {
  if (typeof value !== "object" || value === null) return;
  const { min, max } = value as { min?: unknown; max?: unknown };
  if (typeof min === "number" && typeof max === "number" && min > max) report(path, `min ${min} is more than max ${max}`);
  if ("unordered" in value && value.unordered === true && !("lines" in value) && !("values" in value))
    report([...path, "unordered"], "is only for lines and values", "key");
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === "json" || key === "inspect") for (const one of Object.keys(inner as object)) checkJsonPath(one, [...at, one], report);
    const below = belowKey(key, inner);
    if (below === "value") continue;
    if (below === "names") {
      for (const [name, one] of Object.entries(inner as object)) checkMatchers(one, [...at, name], report);
      continue;
    }
    if (key === "signal") [inner].flat().forEach((one) => checkSignal(String(one), at, report));
    if (key !== "matches") checkMatchers(inner, at, report);
    else if (Array.isArray(inner)) inner.forEach((one, index) => checkPattern(String(one), [...at, index], report));
    else if (typeof inner === "string") checkPattern(inner, at, report);
  }
}

export function checkPattern(pattern: string, path: SourcePath, report: Report): void {
  try {
    // A variable's value is escaped when it is put in, so any text may stand for it here.
    compilePattern(pattern.replaceAll(/\$\{[A-Za-z_]\w*\}/g, "x"));
  } catch (error) {
    report(path, `is no regular expression: ${messageOf(error).replace(/^Invalid regular expression: /, "")}`);
  }
}

export function checkJsonPath(path: string, at: SourcePath, report: Report, of: "key" | "value" = "key"): void {
  try {
    compileJsonPath(path.replaceAll(/\$\{[A-Za-z_]\w*\}/g, "x"));
  } catch (error) {
    report(at, `is no JSON path: ${messageOf(error)}`, of);
  }
}

export function checkSignal(signal: string, at: SourcePath, report: Report): void {
  const names = Object.keys(constants.signals).map((name) => name.replace(/^SIG/, ""));
  const name = signal.replace(/^SIG/, "");
  if (names.includes(name)) return;
  const meant = closest(name, names);
  report(at, `there is no signal ${signal}${meant === null ? "" : `; did you mean ${meant}?`}`);
}

export function checkReference(ref: string, path: SourcePath, report: Report): void {
  if (variablesIn(ref).length > 0) return;
  try {
    if (!/^[0-9a-f]{64}$/.test(ref)) parseReference(ref);
  } catch (error) {
    if (error instanceof InvalidArgumentError) report(path, error.message, "key");
    else throw error;
  }
}

export function checkInside(path: string, at: SourcePath, report: Report, place = "the work directory"): void {
  const clean = normalize(path);
  if (isAbsolute(path) || clean === ".." || clean.startsWith("../")) report(at, `must be a path within ${place}`);
  if (path.includes("\0")) report(at, "must not hold a NUL character");
}

/** Every `${NAME}` in the keys and texts of `value` must be known. */
export function checkStrings(value: unknown, path: SourcePath, known: ReadonlySet<string>, report: Report): void {
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

export function unknownVariable(name: string, known: ReadonlySet<string>): string {
  const meant = closest(name, [...known]);
  return `nothing sets the variable ${name}${meant === null ? " ($${ stands for ${ itself)" : `; did you mean ${meant}?`}`;
}
