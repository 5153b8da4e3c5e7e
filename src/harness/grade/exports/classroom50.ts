import { InvalidArgumentError } from "../../../base/errors.ts";
import { type Told, wholeParts } from "./told.ts";

/** The variables that Classroom 50's runner gives an autograder, and the key that each becomes. */
const GIVEN = {
  classroom: "CLASSROOM",
  assignment: "ASSIGNMENT",
  submission: "SUBMISSION_TAG",
  commit: "COMMIT_URL",
  release: "RELEASE_URL",
} as const;

/**
 * Classroom 50's `result.json` (`classroom50/result/v1`): whole numbers only, no key but its own, and scores that add up.
 * @throws InvalidArgumentError when the runner's variables are not there.
 */
export function classroom50Result(told: Told, env: Readonly<Record<string, string | undefined>>, now: Date): string {
  const given = Object.fromEntries(
    Object.entries(GIVEN).map(([key, name]) => {
      const value = env[name];
      if (!value) throw new InvalidArgumentError(`classroom50: the variable ${name} is not set; Classroom 50's runner sets it`);
      return [key, value];
    }),
  );
  const tests = wholeParts(told).map(({ name, passed, score, max }) => ({ "test-name": name, passed, score, "max-score": max }));
  return `${JSON.stringify(
    {
      schema: "classroom50/result/v1",
      ...given,
      review: env["REVIEW_URL"] || given["commit"],
      datetime: now.toISOString().replace(/\.\d+Z$/, "Z"),
      score: tests.reduce((all, { score }) => all + score, 0),
      "max-score": tests.reduce((all, test) => all + test["max-score"], 0),
      tests,
    },
    null,
    2,
  )}\n`;
}
