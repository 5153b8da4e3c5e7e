import type { Lookup } from "../../../oci/dockerfile/process-word.ts";
import type { Command } from "../command.ts";

/** What a step is called: the instruction with the variables that are known, and how its here-documents begin. */
export function stepTitle({ keyword, original, heredocs }: Command, lookup: Lookup): string {
  const rest = original.replace(/^\S+\s*/, "");
  const expanded = rest.replaceAll(
    /\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g,
    (whole, braced?: string, plain?: string) => lookup(braced ?? plain ?? "") ?? whole,
  );
  const documents = heredocs.map(({ content }) => `(${summary(content)})`);
  return [keyword, expanded, ...documents].join(" ");
}

function summary(content: string): string {
  const [first = "", ...more] = content.trim().split("\n");
  return more.length > 0 ? `${first}...` : first;
}
