import { readFileSync } from "node:fs";

let groups: readonly (readonly number[])[] | undefined;

/** Whether this group has an id outside; where one id alone is mapped the terminal group has none. */
export function mapsGroup(gid: number): boolean {
  groups ??= readFileSync("/proc/self/gid_map", "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  return groups.some(([inside = 0, , count = 0]) => gid >= inside && gid < inside + count);
}
