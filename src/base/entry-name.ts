import { trimEndOf } from "./trim-end.ts";

/** A name of a tar's entry, which its author chooses, without what may stand before and after it: `./`, `/`. */
export function plainEntryName(name: string): string {
  return trimEndOf(name.replace(/^(?:\.?\/)+/, ""), "/");
}
