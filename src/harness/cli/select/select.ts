import { resolve } from "node:path";
import { InvalidArgumentError } from "../../../base/errors.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Outcome, Report, Shard } from "../../report/report.ts";
import { loadPlans, selectPlans } from "../select-scenarios.ts";
import { changedFiles, plansOfChanges } from "./changed.ts";
import { parsePathArgument } from "./path-argument.ts";
import { shardOf } from "./shard.ts";
import { shuffled } from "./shuffled.ts";
import type { TagTest } from "./tag-expression.ts";

/** Which scenarios are meant, and in which order. */
export interface Selection {
  /** Files, folders and `file:line`. */
  readonly paths: readonly string[];
  /** Parts or /patterns/ of names, titles and tags, of which one must match; all when there is none. */
  readonly filters: readonly string[];
  readonly tags: TagTest | null;
  readonly lastFailed: boolean;
  /** Only what git sees changed: since a revision, or with `since` null since the last commit; null: changed or not. */
  readonly changed: { readonly since: string | null } | null;
  readonly shard: Shard | null;
  readonly order: "path" | "random";
  readonly seed: number;
  /** Variables of the command line. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** No scenario is what was asked for. */
export class NothingSelectedError extends InvalidArgumentError {}

/**
 * The scenarios that are meant, in the order to be run. A shard may be empty when there are fewer scenarios than shards.
 * @throws NothingSelectedError saying which condition left none; what `loadPlans` throws; InvalidArgumentError of git's.
 */
export async function selectScenarios(
  selection: Selection,
  context: {
    readonly workdir: string;
    /** Slipway's own. */ readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly lastReport: () => Promise<Report | null>;
  },
): Promise<readonly Plan[]> {
  const { paths, filters, tags, lastFailed, changed, shard, order, seed } = selection;
  const { environment = process.env } = context;
  let plans = await loadPlans(paths, { variables: selection.variables ?? {}, environment });
  const keep = (kept: readonly Plan[], why: string): void => {
    if (kept.length === 0) throw new NothingSelectedError(why);
    plans = kept;
  };
  if (filters.length > 0) keep(selectPlans(plans, filters), `no scenario's name, title or tag matches ${filters.join(" or ")}`);
  if (tags !== null) {
    const known = [...new Set(plans.flatMap((plan) => plan.tags))].toSorted();
    const are = known.length === 0 ? "none has any" : `there are ${known.slice(0, 20).join(", ")}${known.length > 20 ? ", …" : ""}`;
    keep(
      plans.filter((plan) => tags(plan.tags)),
      `no scenario has such --tags; ${are}`,
    );
  }
  if (lastFailed) {
    const report = await context.lastReport();
    if (report === null) throw new NothingSelectedError("--last-failed: no run in this folder is remembered");
    const failed = failedIn(report, context.workdir);
    const kept = plans.filter(({ file, name }) => failed.has(`${resolve(context.workdir, file)}\n${name}`));
    keep(
      kept,
      `--last-failed: ${failed.size === 0 ? "nothing failed in the last run" : "nothing of what failed is among these scenarios"}`,
    );
  }
  if (changed !== null) {
    const files = await changedFiles(context.workdir, changed.since);
    const roots = paths.map((path) => parsePathArgument(path).path);
    keep(plansOfChanges(plans, files, roots), `no scenario changed since ${changed.since ?? "the last commit"}`);
  }
  if (shard !== null) plans = shardOf(plans, shard);
  return order === "random" ? shuffled(plans, seed) : plans;
}

/** `FILE\nNAME` of each: a file may be given by its path from here or from the root. */
function failedIn(report: Report, workdir: string): ReadonlySet<string> {
  const again: readonly Outcome[] = ["fail", "error", "blocked", "interrupted"];
  const failed = report.scenarios.filter(({ outcome }) => again.includes(outcome));
  return new Set(failed.map(({ file, name }) => `${resolve(workdir, file)}\n${name}`));
}
