import { shortened, type Told, wholeParts } from "./told.ts";

/** The reporter is given it in a variable of its environment, of which Linux allows 128 KiB each. */
const LIMIT_CHARACTERS = 100_000;

/**
 * What GitHub's autograding-grading-reporter takes from a runner: base64 of JSON. One line without an end, as it stands in a job's output. It has ASCII only,
 * whatever the reporter makes of other bytes, and messages are shortened until it fits where it is passed on.
 */
export function githubResult(told: Told): string {
  for (let limit = 20_000; ; limit = Math.floor(limit / 2)) {
    const text = encoded(told, limit);
    if (text.length <= LIMIT_CHARACTERS || limit < 10) return text;
  }
}

function encoded(told: Told, limit: number): string {
  const parts = wholeParts(told);
  const result = {
    version: 1,
    status: parts.every(({ score, max }) => score === max) ? "pass" : "fail",
    max_score: parts.reduce((all, { max }) => all + max, 0),
    tests: parts.map(({ name, score, max }) => ({
      name,
      status: score === max ? "pass" : "fail",
      score,
      message: shortened(told.parts.find((part) => part.name === name)?.text ?? "", limit),
      test_code: "",
      filename: "",
      line_no: 0,
      duration: 0,
    })),
  };
  const ascii = JSON.stringify(result).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return Buffer.from(ascii, "latin1").toString("base64");
}
