import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { closest } from "./closest.ts";
import { compiledSchema } from "./compiled-schemas.ts";
import type { Scenario, Setup, Suite } from "./scenario.generated.ts";
import type { Problem } from "./scenario-error.ts";
import type { Source, SourcePath } from "./source.ts";

/** Holds a source's value against a schema: the value, or what is wrong, one problem a place. */
export type Validator<T> = (
  source: Source,
) => { readonly value: T } | { readonly problems: readonly Problem[]; /** Where, for each. */ readonly places: readonly SourcePath[] };

/** The validator of one of our schemas, by its file's name in `schemas/`. */
export function schemaValidator<T>(schemaFile: string): Validator<T> {
  const isValid = compiledSchema(schemaFile) as ValidateFunction<T>;
  return (source) => {
    const { value, doubtful = [] } = source;
    if (isValid(value) && doubtful.length === 0) return { value };
    const { problems, places } = explain(isValid.errors ?? [], source);
    return { problems: [...problems, ...doubtful], places };
  };
}

/** Holds `source.value` against the scenarios' schema. */
export const validateScenario: Validator<Scenario> = schemaValidator<Scenario>("scenario.schema.json");
export const validateSuite: Validator<Suite> = schemaValidator<Suite>("suite.schema.json");
export const validateSetup: Validator<Setup> = schemaValidator<Setup>("setup.schema.json");

/** Of a file that is wrong everywhere the first are enough: each is held against each other. */
const MOST_ERRORS = 500;

/**
 * Of all that ajv has to say, the one message a place that an author can act on. The schema's unions take at most one branch for each
 * JSON type, so errors from within a branch mean that it was the one meant.
 */
function explain(all: readonly ErrorObject[], source: Source): { readonly problems: Problem[]; readonly places: SourcePath[] } {
  // Which keys it must have is nothing to tell of what is no map at all.
  const errors = all
    .slice(0, MOST_ERRORS)
    .filter(({ keyword, data }) => keyword !== "oneOf" || (typeof data === "object" && data !== null && !Array.isArray(data)));
  const isChoice = (error: ErrorObject): boolean => error.keyword === "anyOf" || error.keyword === "oneOf";
  const choices = errors.filter(isChoice);
  const failed = (error: ErrorObject): boolean => ["type", "enum", "const"].includes(error.keyword);
  const meant = (error: ErrorObject): boolean =>
    choices.every(({ instancePath }) => {
      // A branch for another type than the value's says nothing of use; nor does a choice whose branch was entered.
      if (instancePath !== error.instancePath) return true;
      return !failed(error) && error.keyword !== "required";
    });
  const deeper = (choice: ErrorObject): boolean =>
    errors.some(
      (error) =>
        !isChoice(error) &&
        (error.instancePath === choice.instancePath ? meant(error) : error.instancePath.startsWith(`${choice.instancePath}/`)),
    );
  const kept = errors.filter((error) => error.keyword !== "propertyNames" && (isChoice(error) ? !deeper(error) : meant(error)));
  const byPlace = new Map<string, { readonly problem: Problem; readonly path: SourcePath }>();
  for (const error of kept) {
    const { path, of, message: plain } = describe(error);
    const message = withState(withQuotes(plain, error), error);
    const place = `${path.join("/")} ${of}`;
    if (!byPlace.has(place)) byPlace.set(place, { problem: source.problem(path, message, of), path });
  }
  const found = [...byPlace.values()];
  return { problems: found.map(({ problem }) => problem), places: found.map(({ path }) => path) };
}

function describe(error: ErrorObject): { path: SourcePath; message: string; of: "key" | "value" } {
  const at = pathOf(error.instancePath);
  const { params, parentSchema } = error as { params: Record<string, unknown>; parentSchema?: Record<string, unknown> };
  const must = typeof parentSchema?.["x-must"] === "string" ? parentSchema["x-must"] : undefined;
  switch (error.keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      const known = Object.keys((parentSchema?.["properties"] as object | undefined) ?? {});
      const value = (error.data as Record<string, unknown>)[key];
      if (at.length === 1 && at[0] === "matrix" && Array.isArray(value))
        return {
          path: [...at, key],
          of: "key",
          message: `unknown key ${JSON.stringify(key)}; variables and their values stand below vars`,
        };
      return { path: [...at, key], of: "key", message: unknownKey(key, known) };
    }
    case "pattern":
      if (error.propertyName !== undefined)
        return { path: [...at, error.propertyName], of: "key", message: must ?? error.message ?? "is not allowed" };
      break;
    case "required": {
      return { path: at, of: "value", message: `lacks the key ${String(params["missingProperty"])}` };
    }
    case "oneOf": {
      const keys = (error.schema as { required?: string[] }[]).flatMap(({ required }) => required ?? []);
      return { path: at, of: "value", message: `must have exactly one of the keys ${keys.join(", ")}` };
    }
    case "minProperties":
      return { path: at, of: "value", message: "must not be empty" };
    case "minLength":
      return { path: at, of: "value", message: "must not be empty" };
    case "minItems":
      return { path: at, of: "value", message: must ?? "must not be empty" };
    case "enum": {
      const allowed = (params["allowedValues"] as unknown[]).map(String);
      const meant = typeof error.data === "string" ? closest(error.data, allowed) : null;
      return { path: at, of: "value", message: `must be one of ${allowed.join(", ")}${meant === null ? "" : `; did you mean ${meant}?`}` };
    }
    case "const":
      return { path: at, of: "value", message: `must be ${JSON.stringify(params["allowedValue"])}` };
    case "type":
      return { path: at, of: "value", message: must ?? `must be ${typeNames(params["type"])}` };
    default:
  }
  return { path: at, of: "value", message: must ?? error.message ?? "is not allowed" };
}

/** With how to write it, when only quotes are too many or missing, or a list's brackets. */
function withQuotes(message: string, { data }: ErrorObject): string {
  if (message.includes("quotes")) return message;
  if ((typeof data === "number" || typeof data === "boolean") && /\ba text\b/.test(message)) return `${message}; put it in quotes`;
  if (typeof data === "string" && /^-?\d+(?:\.\d+)?$/.test(data) && /\bnumber\b/.test(message))
    return `${message}; write it without quotes`;
  if (typeof data === "string" && message === "must be a list") return `${message}, such as [${data}]`;
  return message;
}

/** Docker has other names for these states than the course's people. */
const STATES: Readonly<Record<string, string>> = {
  stopped: "exited",
  stop: "exited",
  up: "running",
  removed: "absent",
  deleted: "absent",
  gone: "absent",
};

/** What a container's status was meant to be. */
function withState(message: string, { data }: ErrorObject): string {
  const state = typeof data === "string" && /\bcreated, running\b/.test(message) ? STATES[data.toLowerCase()] : undefined;
  return state === undefined ? message : `${message}; did you mean ${state}?`;
}

/** What other tools call it: words for which an author looks in vain. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  run: ["command", "cmd", "shell", "script", "exec", "sh", "bash"],
  exitCode: ["exit_code", "exit-code", "exit", "code", "returncode", "rc"],
  stdout: ["output", "out"],
  stderr: ["error", "errors", "err"],
  matches: ["regex", "regexp", "pattern", "match"],
  contains: ["include", "includes", "has"],
  expect: ["assert", "asserts", "check", "checks", "then", "should"],
  status: ["state"],
  content: ["contents", "text"],
  needs: ["depends", "depends_on", "dependsOn", "after"],
  vars: ["variables"],
  requires: ["require", "only"],
  matrix: ["parametrize", "with"],
  mayFail: ["may_fail", "ignoreErrors", "allowFailure", "continueOnError"],
  cwd: ["workdir", "dir", "directory"],
  capture: ["register", "save", "set"],
};

function unknownKey(key: string, known: readonly string[]): string {
  if (["exitCode", "stdout", "stderr"].includes(key)) return `${key} is expected of a step: move it to the step's expect`;
  const meant = known.find((one) => MEANT[one]?.includes(key)) ?? closest(key, known);
  return `unknown key ${JSON.stringify(key)}; ${meant === null ? `there are ${known.join(", ")}` : `did you mean ${meant}?`}`;
}

const TYPES: Readonly<Record<string, string>> = {
  object: "a map",
  array: "a list",
  string: "a text (in quotes, if it looks like something else)",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function typeNames(types: unknown): string {
  return [types]
    .flat()
    .map((type) => TYPES[String(type)] ?? String(type))
    .join(" or ");
}

/** `/steps/0/env/a~1b` → `["steps", 0, "env", "a/b"]`. */
function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^(?:0|[1-9]\d*)$/.test(part) ? Number(part) : part));
}
