import type { FilesystemChange } from "../../../docker/api/types.ts";
import type { ChangeSet } from "../../scenario/scenario.generated.ts";
import type { Mismatch } from "./mismatch.ts";
import { matchSet } from "./set.ts";

const LETTERS = ["C", "A", "D"] as const;

/** Holds what `docker diff` says (null: no such container) against the changes expected. */
export function matchDiff(container: string, expected: ChangeSet, changes: readonly FilesystemChange[] | null): Mismatch | null {
  if (changes === null) return { rationale: `there is no container ${container}` };
  const lines = changes.map(({ Kind, Path }) => `${LETTERS[Kind]} ${Path}`);
  return matchSet("changes", expected, lines, (excluded, line) => excluded === line || excluded === line.slice(2));
}
