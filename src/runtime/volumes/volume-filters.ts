import { InvalidArgumentError } from "../../base/errors.ts";
import type { Filters } from "../../docker/api/types.ts";

/** @throws InvalidArgumentError `Invalid filter 'x'` */
export function onlyKnownFilters(filters: Filters, known: readonly string[]): void {
  for (const name of Object.keys(filters)) {
    if (!known.includes(name)) throw new InvalidArgumentError(`Invalid filter '${name}'`);
  }
}

/** Whether `labels` has every one of `wanted`, each `key` or `key=value`. */
export function labelsMatch(labels: Readonly<Record<string, string>>, wanted: readonly string[]): boolean {
  return wanted.every((text) => {
    const [key = "", value] = text.split(/=(.*)/s);
    return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
  });
}
