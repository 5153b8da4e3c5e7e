import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import { globMatcher } from "../../base/glob.ts";
import type { Filters } from "../../docker/api/types.ts";
import { familiarName, familiarString, type Reference } from "../../oci/reference.ts";

/** @throws InvalidArgumentError with Docker's text when a filter is not one of `known`. */
export function checkFilters(filters: Filters, known: readonly string[]): void {
  for (const name of Object.keys(filters)) if (!known.includes(name)) throw new InvalidArgumentError(`Invalid filter '${name}'`);
}

/** The value of `dangling`, null when not given. @throws InvalidArgumentError */
export function danglingFilter(filters: Filters): boolean | null {
  const values = filters["dangling"];
  if (values === undefined || values.length === 0) return null;
  if (values.some((value) => value === "true" || value === "1")) return true;
  if (values.some((value) => value === "false" || value === "0")) return false;
  throw new InvalidArgumentError(`Invalid filter 'dangling=[${values.join(" ")}]'`);
}

/** Whether labels satisfy every `label` (`key` or `key=value`) and no `label!`. */
export function matchesLabels(filters: Filters, labels: Readonly<Record<string, string>> | null | undefined): boolean {
  const matches = (filter: string): boolean => {
    const [key = "", ...value] = filter.split("=");
    const actual = labels?.[key];
    return actual !== undefined && (value.length === 0 || actual === value.join("="));
  };
  return (filters["label"] ?? []).every(matches) && !(filters["label!"] ?? []).some(matches);
}

/** As distribution/reference `FamiliarMatch`: a shell pattern for the whole familiar reference, or for the name alone. */
export function matchesReference(pattern: string, reference: Reference): boolean {
  try {
    return [familiarString(reference), familiarName(reference)].some(globMatcher(pattern, { deep: false }));
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error), { cause: error });
  }
}
