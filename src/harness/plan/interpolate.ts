import { InvalidArgumentError } from "../../base/errors.ts";
import { TimeLimitError, withinTime } from "../../base/time-limit.ts";
import type { Capture } from "../scenario/scenario.generated.ts";
import { compilePattern } from "../scenario/pattern.ts";
import { belowKey } from "../scenario/named-maps.ts";
import { replaceVariables } from "../scenario/variables.ts";
import type { Condition, Expectation, PlannedStep } from "./plan.ts";

const CAPTURE_LIMIT_MS = 2_000;

/** Values of `${NAME}`: the scenario's and the step's `env`, what earlier steps captured, and `WORKDIR`. */
export type Variables = Readonly<Record<string, string>>;

/** The step with its variables put in: in `env`, `cwd`, a written file's path and what a terminal awaits. What a shell reads is left alone. */
export function interpolateStep(step: PlannedStep, variables: Variables): PlannedStep {
  const env = substitute(step.env, variables) as Readonly<Record<string, string>>;
  const all = { ...variables, ...env };
  let { action } = step;
  if (action.kind === "write") action = { ...action, path: replaceIn(action.path, all) };
  if (action.kind === "fixture") action = { ...action, path: replaceIn(action.path, all) };
  if (action.kind === "copy") action = { ...action, from: replaceIn(action.from, all), to: replaceIn(action.to, all) };
  if (action.kind === "http") action = { ...action, request: substitute(action.request, all) as typeof action.request };
  if (action.kind === "terminal") {
    action = {
      ...action,
      script: action.script.map((one) =>
        one.kind === "expect"
          ? { ...one, awaited: substitute(one.awaited, all) as typeof one.awaited }
          : one.kind === "screen"
            ? { ...one, text: substitute(one.text, all) as typeof one.text }
            : one,
      ),
    };
  }
  return { ...step, env, cwd: replaceIn(step.cwd, all), action };
}

/** Any texts with their variables put in. */
export function interpolateValue(value: unknown, variables: Variables): unknown {
  return substitute(value, variables);
}

/** What variables must be for a step to be done, with variables put in. */
export function interpolateCondition(condition: Condition, variables: Variables): Condition {
  return { ...condition, variables: substitute(condition.variables, variables) as Condition["variables"] };
}

/** The expectation with its variables put in; in regular expressions they stand for their very text. */
export function interpolateExpectation(expectation: Expectation, variables: Variables): Expectation {
  const { id, title, location, placeOf, points, help, eventually, waiver, must, explicit, ...subject } = expectation;
  const replaced = substitute(subject, variables) as object;
  return { id, title, location, placeOf, points, help, eventually, waiver, must, explicit, ...replaced } as Expectation;
}

/**
 * The variables that a step's output gives: the whole of it, trimmed, or the first group of a pattern.
 * Those from an engine's state are not its business. One whose pattern is not found is left out; its name is in `missing`.
 */
export function captureVariables(
  captures: Readonly<Record<string, Capture>>,
  output: { readonly stdout: string; readonly stderr: string },
): { readonly variables: Variables; readonly missing: readonly string[] } {
  const variables: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, capture] of Object.entries(captures)) {
    if (typeof capture === "string") {
      variables[name] = output[capture].trim();
      continue;
    }
    if (capture.from === undefined || capture.matches === undefined) continue;
    const match = firstMatch(capture.matches, output[capture.from]);
    const value = match?.[1] ?? match?.[0];
    if (value === undefined) missing.push(name);
    else variables[name] = value;
  }
  return { variables, missing };
}

/** Null when the pattern is not found, or not within the time that a text may cost. */
function firstMatch(pattern: string, text: string): RegExpExecArray | null {
  try {
    return withinTime(CAPTURE_LIMIT_MS, () => compilePattern(pattern).exec(text));
  } catch (error) {
    if (error instanceof TimeLimitError) return null;
    throw error;
  }
}

/** Where a variable stands for its very text though the text around it is a pattern: what must be escaped there. */
const ESCAPED = { matches: /[\\^$.*+?()[\]{}|/]/g, glob: /[\\*?[\]]/g } as const;

function substitute(value: unknown, variables: Variables, special?: RegExp): unknown {
  if (typeof value === "string") return replaceIn(value, variables, special);
  if (Array.isArray(value)) return value.map((inner) => substitute(inner, variables, special));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [replaceIn(key, variables), substituteBelow(key, inner, variables)]),
  );
}

function substituteBelow(key: string, value: unknown, variables: Variables): unknown {
  if (belowKey(key, value) !== "names") return substitute(value, variables, key === "matches" || key === "glob" ? ESCAPED[key] : undefined);
  return Object.fromEntries(
    Object.entries(value as object).map(([name, inner]) => [replaceIn(name, variables), substitute(inner, variables)]),
  );
}

/** Nothing gave the variable a value: what should have been captured was not there. */
export class MissingVariableError extends InvalidArgumentError {
  readonly variable: string;
  constructor(variable: string) {
    super(`the variable ${variable} has no value`);
    this.variable = variable;
  }
}

function replaceIn(text: string, variables: Variables, special?: RegExp): string {
  return replaceVariables(text, (name) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) throw new MissingVariableError(name);
    return special === undefined ? value : value.replaceAll(special, "\\$&");
  });
}
