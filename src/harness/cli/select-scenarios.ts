import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, normalize } from "node:path";
import { hasErrno, InvalidArgumentError, messageOf } from "../../base/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { planScenarios } from "../plan/plan-scenario.ts";
import type { Given } from "../plan/variables.ts";
import { loadScenario } from "../scenario/load.ts";
import { formatProblem, type Problem, ScenarioError } from "../scenario/scenario-error.ts";
import { checkSharedFile, isSharedFile } from "../scenario/shared-files.ts";
import { parsePathArgument } from "./select/path-argument.ts";

/**
 * The scenarios of these files and folders, planned, in the order of their paths. In folders they are all `*.yaml` and `*.yml`, except below
 * `images`. `file:line` is the file's scenario that the line stands in.
 * @throws InvalidArgumentError for a path that is not there or has no scenario; ScenarioError with the problems of all files together.
 */
export async function loadPlans(paths: readonly string[], given: Given = {}): Promise<readonly Plan[]> {
  const files = await scenarioFiles(paths);
  const plans: Plan[] = [];
  const problems: Problem[] = [];
  for (const [file, lines] of files) {
    try {
      plans.push(...plansAt(planScenarios(await loadScenario(file), given), lines));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
    }
  }
  const byName = new Map<string, Plan>();
  for (const plan of plans) {
    const earlier = byName.get(plan.name);
    const { file, line, column } = plan.location;
    if (earlier === undefined) byName.set(plan.name, plan);
    else problems.push({ file, line, column, path: "name", message: `${earlier.file} has the same name` });
  }
  if (problems.length > 0) throw new ScenarioErrors(once(problems));
  return plans;
}

/**
 * Holds the suites' files and setups among these files and in these folders against their schemas, also those that no scenario has; returns how
 * many there are. @throws ScenarioError with the problems of all of them together.
 */
export async function checkSharedFiles(paths: readonly string[]): Promise<number> {
  const problems: Problem[] = [];
  const files = new Set<string>();
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory() === true) for (const file of await filesBelow(normalize(path), true)) files.add(file);
    else if (info !== null && isSharedFile(path)) files.add(path);
  }
  for (const file of files) {
    try {
      checkSharedFile(file);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ScenarioErrors(problems);
  return files.size;
}

/** What is wrong in a file that several share is told once. */
function once(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [formatProblem(one), one] as const)).values()];
}

/** Problems of several files, file by file. */
class ScenarioErrors extends ScenarioError {
  constructor(problems: readonly Problem[]) {
    const files = [...new Set(problems.map(({ file }) => file))];
    super(problems);
    this.message = files.map((file) => new ScenarioError(problems.filter((problem) => problem.file === file)).message).join("\n");
  }
}

/** Those that begin last at or before one of `lines`; all when no line is given, or one before the first of them, which is of all. */
function plansAt(plans: readonly Plan[], lines: readonly number[] | null): readonly Plan[] {
  if (lines === null) return plans;
  const starts = plans.map(({ location }) => location.line);
  if (lines.some((line) => line < Math.min(...starts))) return plans;
  const chosen = lines.map((line) => Math.max(...starts.filter((start) => start <= line)));
  return plans.filter(({ location }) => chosen.includes(location.line));
}

/** The plans whose name, title or one of whose tags matches one of `filters`; all when there is none. */
export function selectPlans(plans: readonly Plan[], filters: readonly string[]): readonly Plan[] {
  if (filters.length === 0) return plans;
  const tests = filters.map(filterTest);
  return plans.filter(({ name, title, tags }) => {
    const texts = [name, ...tags, ...(typeof title === "string" ? [title] : Object.values(title ?? {}))];
    return tests.some((test) => texts.some(test));
  });
}

/** `/…/` or `/…/i` is a regular expression, anything else a part of the name. */
function filterTest(filter: string): (text: string) => boolean {
  const [, source, flags = ""] = /^\/(.+)\/([a-z]*)$/.exec(filter) ?? [];
  if (source === undefined) return (text) => text.includes(filter);
  try {
    const pattern = new RegExp(source, flags.replace(/[gy]/g, ""));
    return (text) => pattern.test(text);
  } catch (error) {
    throw new InvalidArgumentError(`--grep ${filter}: ${messageOf(error)}`, { cause: error });
  }
}

/** Each file once, by its first name, with the lines that are asked for; null: all of it. */
async function scenarioFiles(paths: readonly string[]): Promise<ReadonlyMap<string, readonly number[] | null>> {
  const files = new Map<string, { readonly file: string; lines: readonly number[] | null }>();
  for (const argument of paths) {
    const { path, line } = parsePathArgument(argument);
    const found = await filesAt(path);
    if (line !== null) await checkLine(path, line);
    if (found.length === 0) throw new InvalidArgumentError(`${path} has no scenario (*.yaml, *.yml)`);
    for (const file of found) {
      const real = await realpath(file);
      const known = files.get(real);
      if (known === undefined) files.set(real, { file, lines: line === null ? null : [line] });
      else known.lines = known.lines === null || line === null ? null : [...known.lines, line];
    }
  }
  return new Map([...files.values()].map(({ file, lines }) => [file, lines]));
}

/** A line behind the file's last is a slip. @throws InvalidArgumentError */
async function checkLine(path: string, line: number): Promise<void> {
  if ((await stat(path)).isDirectory()) throw new InvalidArgumentError(`${path} is a folder: it has no line ${line}`);
  const count = (await readFile(path, "utf8")).replace(/\n$/, "").split("\n").length;
  if (line > count) throw new InvalidArgumentError(`${path} has no line ${line}: it has ${count}`);
}

async function filesAt(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
  } catch (error) {
    throw new InvalidArgumentError(`${path}: ${hasErrno(error, "ENOENT") ? "no such file or directory" : messageOf(error)}`, {
      cause: error,
    });
  }
  return await filesBelow(normalize(path));
}

async function filesBelow(directory: string, shared = false): Promise<readonly string[]> {
  const entries = (await readdir(directory, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== "images" && entry.name !== "node_modules") files.push(...(await filesBelow(path, shared)));
    else if (entry.isFile() && /\.ya?ml$/.test(entry.name) && isSharedFile(path) === shared) files.push(path);
  }
  return files;
}
