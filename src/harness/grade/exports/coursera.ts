import { partOfAll, shortened, type Told } from "./told.ts";

/** Coursera's `feedback.json` of a custom grader: a score from 0 to 1, and text. */
export function courseraFeedback(told: Told): string {
  return `${JSON.stringify({ fractionalScore: partOfAll(told), feedback: shortened(told.feedback, 60_000) })}\n`;
}
