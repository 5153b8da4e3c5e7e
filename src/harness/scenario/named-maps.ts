/** Keys of expectations whose maps are by somebody's own names: of variables, labels, headers, containers, paths. */
const NAMED_MAPS = new Set(
  [
    ["env", "labels", "attributes", "headers", "variables"],
    ["containers", "images", "volumes", "networks", "diff", "logs", "entries"],
    ["ports", "mounts", "json", "inspect"],
  ].flat(),
);
/** Keys whose maps are values to compare with, of whatever keys. */
const PLAIN_VALUES = new Set(["equals", "values"]);

/**
 * What stands below a key of an expectation: names and what is expected of each, a value that is compared as it is, or more keys of the language.
 * A label `signal` or a container `matches` is no matcher.
 */
export function belowKey(key: string, value: unknown): "names" | "value" | "keys" {
  if (typeof value !== "object" || value === null) return "keys";
  if (PLAIN_VALUES.has(key)) return "value";
  return NAMED_MAPS.has(key) && !Array.isArray(value) ? "names" : "keys";
}
