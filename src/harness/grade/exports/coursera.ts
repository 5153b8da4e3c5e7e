import { partOfAll, shortenedToBytes, type Told } from "./told.ts";

/** What learners are shown of the feedback, in bytes. */
const LIMIT_BYTES = 64 * 1000;

/**
 * Coursera's `feedback.json`, which a custom grader writes to `/shared` (coursera/programming-assignments-demo, custom-graders/README.md, "How to output
 * grades and feedback?", and the v2 graders' README): `fractionalScore` from 0.0 to 1.0, and `feedback`, plain text, cut off by Coursera after 64 KB.
 */
export function courseraFeedback(told: Told): string {
  return `${JSON.stringify({ fractionalScore: partOfAll(told), feedback: shortenedToBytes(told.feedback, LIMIT_BYTES) })}\n`;
}
