import { trimEndOf } from "../../../base/trim-end.ts";

/** What is called otherwise on each engine, though it is the same. */
export interface OwnNames {
  /** That the engine drew for containers. */
  readonly drawn: readonly string[];
  /** Where the work directory is. */
  readonly workdir: string;
}

/** What two engines may differ in without differing: ids, digests, times, addresses, and what is their own. */
export function normalise(text: string, { drawn: names, workdir }: OwnNames): string {
  let result = text.replaceAll("\r\n", "\n").replaceAll(workdir, "<workdir>");
  // The longest first, as one may begin another.
  for (const name of names.toSorted((a, b) => b.length - a.length)) result = result.replaceAll(name, "<name>");
  return (
    result
      .replaceAll(/\b[0-9a-f]{64}\b/g, "<id>")
      .replaceAll(/\b(?=[0-9a-f]*[a-f])[0-9a-f]{12}\b/g, "<short-id>")
      // Among so many ids one without a letter comes now and then.
      .replaceAll(/(?<=---> |Running in |container |built |^)\d{12}\b/gm, "<short-id>")
      .replaceAll(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d\d:?\d\d)?(?: [A-Z]{3,4})?/g, "<time>")
      .replaceAll(
        /\b(?:Less than a second|About an? (?:minute|hour)|\d+ (?:second|minute|hour|day|week|month|year)s?)(?: ago)?\b/g,
        "<span>",
      )
      .replaceAll(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, "<mac>")
      .replaceAll(/\b(?:10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g, "<address>")
      // A diff is a set: dockerd tells its paths in whatever order it finds them.
      .replaceAll(/(?:^[ACD] \/.*(?:\n|$)){2,}/gm, (paths) => `${paths.trimEnd().split("\n").toSorted().join("\n")}\n`)
      .replaceAll(/ {2,}/g, "  ")
      .replaceAll(/[^\n]+/g, (line) => trimEndOf(line, " \t"))
  );
}
