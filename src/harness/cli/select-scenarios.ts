import { readdir, realpath, stat } from "node:fs/promises";
import { join, normalize } from "node:path";
import { hasErrno, InvalidArgumentError, messageOf } from "../../base/errors.ts";
import type { Plan } from "../plan/plan.ts";
import { planScenario } from "../plan/plan-scenario.ts";
import { loadScenario } from "../scenario/load.ts";
import { type Problem, ScenarioError } from "../scenario/scenario-error.ts";

/**
 * The scenarios of these files and folders, planned, in the order of their paths. In folders they are all `*.yaml` and `*.yml`, except below
 * `images`.
 * @throws InvalidArgumentError for a path that is not there or has no scenario; ScenarioError with the problems of all files together.
 */
export async function loadPlans(paths: readonly string[]): Promise<readonly Plan[]> {
  const files = await scenarioFiles(paths);
  const plans: Plan[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      plans.push(planScenario(await loadScenario(file)));
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
  if (problems.length > 0) throw new ScenarioErrors(problems);
  return plans;
}

/** Problems of several files, file by file. */
class ScenarioErrors extends ScenarioError {
  constructor(problems: readonly Problem[]) {
    const files = [...new Set(problems.map(({ file }) => file))];
    super(problems);
    this.message = files.map((file) => new ScenarioError(problems.filter((problem) => problem.file === file)).message).join("\n");
  }
}

/** The plans whose name or one of whose tags matches one of `filters`; all when there is none. */
export function selectPlans(plans: readonly Plan[], filters: readonly string[]): readonly Plan[] {
  if (filters.length === 0) return plans;
  const tests = filters.map(filterTest);
  const selected = plans.filter(({ name, tags }) => tests.some((test) => [name, ...tags].some(test)));
  if (selected.length === 0) throw new InvalidArgumentError(`no scenario's name or tag matches ${filters.join(" or ")}`);
  return selected;
}

/** `/…/` or `/…/i` is a regular expression, anything else a part of the name. */
function filterTest(filter: string): (text: string) => boolean {
  const [, source, flags = ""] = /^\/(.+)\/([a-z]*)$/.exec(filter) ?? [];
  if (source === undefined) return (text) => text.includes(filter);
  try {
    const pattern = new RegExp(source, flags.replace(/[gy]/g, ""));
    return (text) => pattern.test(text);
  } catch (error) {
    throw new InvalidArgumentError(`--filter ${filter}: ${messageOf(error)}`, { cause: error });
  }
}

async function scenarioFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files = new Map<string, string>();
  for (const path of paths) {
    const found = await filesAt(path);
    if (found.length === 0) throw new InvalidArgumentError(`${path} has no scenario (*.yaml, *.yml)`);
    for (const file of found) {
      const real = await realpath(file);
      if (!files.has(real)) files.set(real, file);
    }
  }
  return [...files.values()];
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

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = (await readdir(directory, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== "images" && entry.name !== "node_modules") files.push(...(await filesBelow(path)));
    else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) files.push(path);
  }
  return files;
}
