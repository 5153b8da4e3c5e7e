import { hundredths, partOfAll, shortened, type Told } from "./told.ts";

/** PrairieLearn takes no result of a megabyte or more. */
const LIMIT_BYTES = 1024 * 1024;

/** PrairieLearn's `results.json` (docs.prairielearn.com/externalGrading): a score from 0 to 1, under a megabyte; texts are shortened until it is. */
export function prairielearnResults(told: Told): string {
  for (let limit = 40_000; ; limit = Math.floor(limit / 2)) {
    const text = `${JSON.stringify({
      gradable: true,
      score: partOfAll(told),
      output: shortened(told.feedback, limit),
      tests: told.parts.map((part) => ({
        name: part.name,
        points: hundredths(part.earned),
        max_points: hundredths(part.points),
        output: shortened(part.text, limit),
      })),
    })}\n`;
    if (Buffer.byteLength(text) < LIMIT_BYTES || limit < 10) return text;
  }
}
