import { InvalidArgumentError } from "../../base/errors.ts";
import { displayName } from "./display-name.ts";
import { type Report, reportOf, type ScenarioResult } from "./report.ts";

/**
 * One report of several, of the shards of a run: all scenarios by their files, as if one run had run them.
 * @throws InvalidArgumentError when a scenario is in two of them, a shard is missing, or they are of different divisions.
 */
export function mergeReports(parts: readonly { readonly file: string; readonly report: Report }[]): Report {
  checkShards(parts);
  const from = new Map<string, string>();
  const scenarios: ScenarioResult[] = [];
  for (const { file, report } of parts) {
    for (const scenario of report.scenarios) {
      const key = `${scenario.file}: ${displayName(scenario)}`;
      const other = from.get(key);
      if (other !== undefined) throw new InvalidArgumentError(`${key} is in ${other} and in ${file}`);
      from.set(key, file);
      scenarios.push(scenario);
    }
  }
  const reports = parts.map(({ report }) => report);
  const [first] = reports;
  if (first === undefined) throw new InvalidArgumentError("there is no report to merge");
  const start = Math.min(...reports.map(({ startedAt }) => Date.parse(startedAt)));
  const end = Math.max(...reports.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs));
  return reportOf(
    scenarios.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)),
    {
      slipwayVersion: first.slipwayVersion,
      startedAt: new Date(start),
      durationMs: end - start,
      interrupted: reports.some(({ outcome }) => outcome === "interrupted"),
      seed: first.seed,
      shard: null,
    },
  );
}

/** Shards are to be all of one division, or none of them a shard. */
function checkShards(parts: readonly { readonly file: string; readonly report: Report }[]): void {
  const shards = parts.flatMap(({ file, report: { shard } }) => (shard === null ? [] : [{ file, ...shard }]));
  const [first] = shards;
  if (first === undefined) return;
  const other = parts.find(({ report: { shard } }) => shard === null || shard.count !== first.count || shard.by !== first.by);
  if (other !== undefined) throw new InvalidArgumentError(`${other.file} and ${first.file} are not of the same division into shards`);
  const missing = Array.from({ length: first.count }, (_, index) => index + 1).filter(
    (index) => !shards.some((shard) => shard.index === index),
  );
  if (missing.length > 0) throw new InvalidArgumentError(`the shard ${missing.join(", ")} of ${first.count} is missing`);
}
