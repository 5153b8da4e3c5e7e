import { goFilter } from "../../base/go-pattern.ts";
import { untilOf } from "../../base/until.ts";
import { InvalidArgumentError } from "../../base/errors.ts";
import type { Filters } from "../../docker/api/types.ts";
import { isPredefined, type NetworkRecord } from "./network-record.ts";

const LISTED = ["dangling", "driver", "id", "label", "name", "scope", "type"];

/** The filter of `docker network ls`. @throws InvalidArgumentError for one that Docker does not know. */
export function matchNetwork(filters: Filters): (record: NetworkRecord, inUse: boolean) => boolean {
  onlyKnown(filters, LISTED);
  const wanted = (name: string): readonly string[] => filters[name] ?? [];
  const any = (name: string, test: (value: string) => boolean): boolean => wanted(name).length === 0 || wanted(name).some(test);
  for (const type of wanted("type")) {
    if (type !== "custom" && type !== "builtin") throw new InvalidArgumentError(`invalid filter: 'type'='${type}'`);
  }
  for (const dangling of wanted("dangling")) {
    if (!/^(1|0|true|false)$/i.test(dangling)) {
      throw new InvalidArgumentError(`invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`);
    }
  }
  // Docker takes a name or id as a regular expression.
  const [ids, names] = [wanted("id").map(goFilter), wanted("name").map(goFilter)];
  return (record, inUse) =>
    any("dangling", (value) => /^(1|true)$/i.test(value) === (!inUse && !isPredefined(record))) &&
    any("driver", (value) => record.driver === value) &&
    (ids.length === 0 || ids.some((matches) => matches(record.id))) &&
    (names.length === 0 || names.some((matches) => matches(record.name))) &&
    any("scope", (value) => value === "local") &&
    any("type", (value) => (value === "builtin") === isPredefined(record)) &&
    wanted("label").every((label) => hasLabel(record, label));
}

/** Those of `idle` that `docker network prune` removes. */
export function networksToPrune(filters: Filters, idle: readonly NetworkRecord[], now: Date): readonly NetworkRecord[] {
  onlyKnown(filters, ["until", "label", "label!"]);
  const until = untilOf(filters["until"], now);
  return idle.filter(
    (record) =>
      (filters["label"] ?? []).every((label) => hasLabel(record, label)) &&
      !(filters["label!"] ?? []).some((label) => hasLabel(record, label)) &&
      (until === null || Date.parse(record.created) < until),
  );
}

function hasLabel(record: NetworkRecord, label: string): boolean {
  const [key = "", value] = label.split(/=(.*)/s);
  return Object.hasOwn(record.labels, key) && (value === undefined || record.labels[key] === value);
}

function onlyKnown(filters: Filters, known: readonly string[]): void {
  for (const name of Object.keys(filters)) {
    if (!known.includes(name)) throw new InvalidArgumentError(`Invalid filter '${name}'`);
  }
}
