import type { SourcePath } from "./source.ts";

/** A copy of `value` without what these paths lead to: of a list's member the nearest map's key above it, of a step the step's doings. */
export function withoutPlaces(value: unknown, paths: readonly SourcePath[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const path of paths) {
    const list = path.at(-2) === "steps" ? at(copy, path.slice(0, -1)) : null;
    if (Array.isArray(list)) {
      // Its place in the list stays, for the others' places to be right.
      list[Number(path.at(-1))] = { run: "true" };
      continue;
    }
    removeAt(copy, path);
  }
  return copy;
}

function at(value: unknown, path: SourcePath): unknown {
  return path.reduce<unknown>(
    (inner, part) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[String(part)] : null),
    value,
  );
}

function removeAt(value: unknown, path: SourcePath): void {
  let holder: Record<string, unknown> | null = null;
  let key = "";
  let at = value;
  for (const part of path) {
    if (typeof at !== "object" || at === null) break;
    if (!Array.isArray(at)) {
      holder = at as Record<string, unknown>;
      key = String(part);
      if (!Object.hasOwn(holder, key)) break;
    }
    at = (at as Record<string, unknown>)[String(part)];
  }
  if (holder !== null && Object.hasOwn(holder, key)) delete holder[key];
}
