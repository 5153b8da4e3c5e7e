import { textIn } from "../plan/describe.ts";
import { explain } from "./explain.ts";
import { oneLine } from "./one-line.ts";
import type { CheckResult, Problem, ScenarioResult } from "./report.ts";
import type { Language } from "./reporter.ts";

/** Why a check did not pass, in one line; null when it did. */
export function checkMessage(check: CheckResult): string | null {
  switch (check.outcome) {
    case "pass":
      return null;
    case "skip":
    case "blocked":
    case "interrupted":
      return check.because === null ? "it was not done" : `${check.because} did not go through`;
    case "error":
      return oneLine(check.error?.message ?? "it could not be judged");
    case "fail":
      return oneLine(check.problems.map(({ rationale }) => rationale).join("; ") || "it depends on what was skipped");
  }
}

/** Why a check did not pass, with places and differences; empty when it did. */
export function checkDetails(check: CheckResult, language: Language): string {
  if (check.outcome === "error") return check.error?.stack ?? check.error?.message ?? "";
  return check.problems.map((problem) => problemDetails(problem, language)).join("\n");
}

/** One thing that is not as it should be, with its place and difference. */
export function problemDetails(problem: Problem, language: Language): string {
  return explain(problem, language)
    .map(({ text }) => text)
    .join("\n");
}

/** Why a scenario did not pass, or a try of it, in one line: its fault, or what was first not as it should be; null when it passed. */
export function scenarioMessage(
  { outcome, error, checks, reason }: Pick<ScenarioResult, "outcome" | "error" | "checks"> & { readonly reason?: string | null },
  language: Language,
): string | null {
  if (outcome === "pass") return null;
  if (reason !== undefined && reason !== null) return oneLine(reason);
  if (error !== null) return oneLine(error.message);
  const failed = checks.find((check) => check.outcome === outcome) ?? checks.find((check) => check.outcome !== "pass");
  return failed === undefined ? outcome : `${textIn(failed.title, language).split("\n")[0]}: ${checkMessage(failed)}`;
}
