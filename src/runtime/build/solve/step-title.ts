import { processWord, type Lookup } from "../../../oci/dockerfile/process-word.ts";
import type { Command } from "../command.ts";

/** What a step is called: the instruction with its variables, and how its here-documents begin. RUN's quotes and other variables are its shell's. */
export function stepTitle({ keyword, original, heredocs }: Command, lookup: Lookup, escape: string): string {
  const rest = original.replace(/^\S+\s*/, "");
  const isRun = keyword === "RUN";
  const documents = heredocs.map(({ content }) => `(${summary(content)})`);
  return [keyword, expanded(rest), ...documents].join(" ").trimEnd();

  function expanded(text: string): string {
    try {
      return processWord(text, lookup, escape, { keepsQuotes: isRun, keepsUnset: isRun });
    } catch {
      // What is wrong with it is said when it is its turn.
      return text;
    }
  }
}

/** `2/7`, or ` 2/11`: numbers of a stage's steps are as wide as the last. */
export function stepCount(step: number, total: number): string {
  return `${String(step).padStart(String(total).length)}/${total}`;
}

function summary(content: string): string {
  const [first = "", ...more] = content.trim().split("\n");
  return more.length > 0 ? `${first}...` : first;
}
