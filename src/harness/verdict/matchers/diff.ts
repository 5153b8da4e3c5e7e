import type { FilesystemChange } from "../../../docker/api/types.ts";
import type { ChangeSet } from "../../scenario/scenario.generated.ts";
import type { Mismatch } from "./mismatch.ts";
import { matchSet } from "./set.ts";
import { asRationale, say } from "../../plan/sayings.ts";

const LETTERS = ["C", "A", "D"] as const;

/** Holds what `docker diff` says (null: no such container) against the changes expected. */
export function matchDiff(container: string, expected: ChangeSet, changes: readonly FilesystemChange[] | null): Mismatch | null {
  if (changes === null) return asRationale(say("there is no container {0}", container));
  const lines = changes.map(({ Kind, Path }) => `${LETTERS[Kind]} ${Path}`);
  return matchSet(say("changes"), expected, lines, (excluded, line) => excluded === line || excluded === line.slice(2));
}
