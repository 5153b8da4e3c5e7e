import { InvalidArgumentError } from "../../base/errors.ts";
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
  return [familiarString(reference), familiarName(reference)].some((name) => matchesGlob(name, pattern));
}

/** Go's `path.Match`: `*` and `?` stop at a slash. */
function matchesGlob(name: string, pattern: string): boolean {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? "";
    if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[") {
      const end = pattern.indexOf("]", at + 2);
      if (end < 0) throw new InvalidArgumentError("syntax error in pattern");
      source += `[${pattern.slice(at + 1, end).replace(/\\/g, "\\\\")}]`;
      at = end;
    } else source += char.replace(/[.+^${}()|\\/\]]/, "\\$&");
  }
  return new RegExp(`^${source}$`).test(name);
}
