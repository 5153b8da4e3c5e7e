import type { Expectation } from "../../plan/plan.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import type { Edit } from "./rewrite.ts";

/**
 * What would make a failed expectation hold: the value that was seen, where it stands in the author's file.
 * Null for what has no one value, such as patterns, sets and ranges: those are the author's to decide.
 */
export function editFor(expectation: Expectation, verdict: Verdict): Edit | null {
  if (verdict.outcome !== "fail" || verdict.actual === undefined || !expectation.explicit) return null;
  const { location } = expectation;
  const { actual } = verdict;
  switch (expectation.kind) {
    case "exitCode":
      return typeof expectation.expected === "number" ? { location, key: null, value: Number(actual) } : null;
    case "output":
    case "logs": {
      const { expected } = expectation;
      if (typeof expected === "string") return { location, key: null, value: actual };
      const keys = Object.keys(expected);
      return keys.length === 1 && keys[0] === "equals" ? { location, key: "equals", value: actual } : null;
    }
    case "container":
      return typeof expectation.expected === "string" && /^\w+$/.test(actual) ? { location, key: null, value: actual } : null;
    default:
      return null;
  }
}
