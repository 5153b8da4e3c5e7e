/** Generated from schemas/event.schema.json by `npm run generate`; do not edit. */

/**
 * A line of what `--reporter events` writes while a run goes on.
 */
export type RunEvent = RunStart | ScenarioStart | StepStart | StepEnd | ScenarioEnd | RunEnd;
/**
 * RFC 3339, UTC.
 */
export type Time = string;
export type Outcome = "pass" | "fail" | "error" | "skip" | "blocked" | "interrupted";

/**
 * The first line.
 */
export interface RunStart {
  event: "run-start";
  at: Time;
  schemaVersion: 1;
  slipwayVersion: string;
  jobs: number;
  seed: number;
  scenarios: {
    name: string;
    file: string;
  }[];
}
/**
 * A scenario, or another try of it, begins.
 */
export interface ScenarioStart {
  event: "scenario-start";
  at: Time;
  scenario: string;
}
/**
 * A step begins.
 */
export interface StepStart {
  event: "step-start";
  at: Time;
  scenario: string;
  /**
   * Its id: `step-1`.
   */
  step: string;
  title: string;
}
/**
 * A step is over, or was passed over.
 */
export interface StepEnd {
  event: "step-end";
  at: Time;
  scenario: string;
  step: string;
  status: "done" | "error" | "skipped";
  exitCode: number | null;
  durationMs: number | null;
}
/**
 * A scenario is over, with all of its tries.
 */
export interface ScenarioEnd {
  event: "scenario-end";
  at: Time;
  scenario: string;
  /**
   * Its name, with which of several repetitions it is.
   */
  label: string;
  outcome: Outcome;
  flaky: boolean;
  durationMs: number;
  points: number;
  maxPoints: number;
  reason: string | null;
  /**
   * The checks that did not pass.
   */
  failed: {
    id: string;
    outcome: Outcome;
  }[];
}
/**
 * The last line.
 */
export interface RunEnd {
  event: "run-end";
  at: Time;
  outcome: "pass" | "fail" | "error" | "interrupted";
  /**
   * As in a report.
   */
  totals: {
    [k: string]: number;
  };
  durationMs: number;
}
