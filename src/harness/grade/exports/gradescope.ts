import type { Visibility } from "../load-exercise.ts";
import { hundredths, shortened, type Told } from "./told.ts";

const VISIBILITY: Readonly<Record<Visibility, string>> = { visible: "visible", "after-due": "after_due_date", hidden: "hidden" };

/**
 * Gradescope's `results.json` (gradescope-autograders.readthedocs.io/en/latest/specs, "Output format"). The score is that of the whole, which overrides the
 * tests' sum, for lateness and caps are in no test's; ours, so Gradescope must not take lateness off again. What the autograder prints stays hidden: it is the lecturer's.
 */
export function gradescopeResults(told: Told): string {
  return `${JSON.stringify({
    score: hundredths(told.final),
    output: shortened(told.feedback, 60_000),
    output_format: "md",
    visibility: "visible",
    stdout_visibility: "hidden",
    tests: told.parts.map((part, index) => ({
      name: part.name,
      number: String(index + 1),
      score: hundredths(part.earned),
      // With 0 a test's score counts as extra.
      max_score: part.extra ? 0 : hundredths(part.points),
      status: part.passed ? "passed" : "failed",
      visibility: VISIBILITY[part.visibility],
      output: shortened(part.text, 60_000),
      output_format: "md",
    })),
  })}\n`;
}
