import { hundredths, partOfAll, shortened, type Told } from "./told.ts";

/** "Limited to 1 MB", whichever of the two is meant. */
const LIMIT_BYTES = 1_000_000;

/**
 * PrairieLearn's `/grade/results/results.json` (docs.prairielearn.com, "External Grading", "Grading results"): `score` from 0.0 to 1.0, without the points of
 * `tests`, which are only shown; limited to a megabyte, so texts are shortened until it is.
 */
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
