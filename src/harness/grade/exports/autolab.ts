import { trimEndOf } from "../../../base/trim-end.ts";
import { hundredths, type Told } from "./told.ts";

/**
 * What an Autolab autograder prints (docs.autolabproject.com, "Guide for Lab Authors", "Writing Autograders"): the feedback, and as the last line the scores
 * by problem, which are those of the assessment's settings: their names are the same for every student. Autolab quotes bare keys in that line with a pattern that also
 * finds `word:` inside strings, so no name has a colon; and no line of the feedback may look like scores.
 */
export function autolabOutput(told: Told): string {
  const scores = Object.fromEntries(
    told.parts.map(({ name, earned }) => [name.replaceAll(":", " -").replace(/["\\{}]/g, ""), hundredths(earned)]),
  );
  const late = hundredths(told.final) - told.parts.reduce((all, { earned }) => all + hundredths(earned), 0);
  // Autolab adds the problems up, so what lateness, penalties and caps change is one of them.
  const all = Math.abs(late) < 0.005 ? scores : { ...scores, adjustment: Math.round(late * 100) / 100 };
  const feedback = trimEndOf(told.feedback.replace(/^([^\S\n]*)\{/gm, "$1({"), "\n");
  return `${feedback}\n${JSON.stringify({ scores: all })}\n`;
}
