import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../../../base/atomic-file.ts";
import { messageOf } from "../../../base/errors.ts";
import type { Expectation } from "../../plan/plan.ts";
import { readScenario } from "../../scenario/load.ts";
import { isSharedFile } from "../../scenario/shared-files.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { editFor } from "./edits.ts";
import { type Edit, rewriteYaml } from "./rewrite.ts";

/** An expectation as its file has it, and what came of it. */
export interface JudgedExpectation {
  readonly planned: Expectation;
  readonly verdict: Verdict;
}

/**
 * Writes what was seen into the scenario files in place of what was expected, where it is one value.
 * Returns lines for people: what was rewritten, and what did not hold and was not. A file that would be no scenario any more stays as it is.
 */
export async function updateFiles(judged: readonly JudgedExpectation[]): Promise<readonly string[]> {
  const failed = judged.filter(({ verdict }) => verdict.outcome === "fail");
  const lines: string[] = [];
  for (const file of new Set(failed.map(({ planned }) => planned.location.file))) {
    const own = failed.filter(({ planned }) => planned.location.file === file);
    if (isSharedFile(file)) {
      for (const { planned } of own) {
        const { line, column } = planned.location;
        lines.push(`not so     ${file}:${line}:${column} ${planned.id}: other scenarios have it too, so it is yours to change`);
      }
      continue;
    }
    const edits = own.map(({ planned, verdict }) => ({ planned, edit: hasVariable(planned) ? null : editFor(planned, verdict) }));
    const made = await updateFile(
      file,
      edits.flatMap(({ edit }) => edit ?? []),
    ).catch((error: unknown): readonly Edit[] => {
      lines.push(`${file} is left as it is: ${messageOf(error)}`);
      return [];
    });
    for (const { planned, edit } of edits) {
      const place = `${file}:${planned.location.line}:${planned.location.column}`;
      const isMade = edit !== null && made.includes(edit);
      lines.push(
        isMade ? `rewritten  ${place} ${planned.id}` : `not so     ${place} ${planned.id}: it is no plain value, so it is yours to change`,
      );
    }
  }
  return lines;
}

async function updateFile(file: string, edits: readonly Edit[]): Promise<readonly Edit[]> {
  if (edits.length === 0) return [];
  const before = await readFile(file, "utf8");
  const { text, done } = rewriteYaml(before, edits);
  readScenario(file, text);
  if (text !== before) await writeFileAtomic(file, text);
  return done;
}

/** What holds for any value of a variable would hold for one alone. */
function hasVariable(planned: Expectation): boolean {
  return "expected" in planned && JSON.stringify(planned.expected).includes("${");
}
