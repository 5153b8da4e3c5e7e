/** Generated from schemas/report.schema.json by `npm run generate`; do not edit. */

/**
 * RFC 3339, UTC.
 */
export type Time = string;
/**
 * Milliseconds.
 */
export type DurationMs = number;
/**
 * A text for people: a string, or one per language.
 */
export type Text =
  | string
  | {
      en?: string;
      zh?: string;
    };
/**
 * `fail` is theirs to mend, `error` is the engine's or the host's fault, `skip` did not run.
 */
export type Outcome = "pass" | "fail" | "error" | "skip";

/**
 * What a run of scenarios came to: what `--reporter json` writes.
 */
export interface Report {
  schemaVersion: 1;
  slipwayVersion: string;
  startedAt: Time;
  durationMs: DurationMs;
  /**
   * The worst of the scenarios' outcomes: error, then fail, then pass; `interrupted` when the run was broken off.
   */
  outcome: "pass" | "fail" | "error" | "interrupted";
  totals: Totals;
  /**
   * In the order of their files.
   */
  scenarios: ScenarioResult[];
}
export interface Totals {
  scenarios: number;
  passed: number;
  failed: number;
  errors: number;
  skipped: number;
  /**
   * Earned.
   */
  points: number;
  /**
   * Of all scenarios that were not skipped.
   */
  maxPoints: number;
}
export interface ScenarioResult {
  file: string;
  name: string;
  title: Text | null;
  tags: string[];
  outcome: Outcome;
  /**
   * Why it was skipped.
   */
  reason: string | null;
  /**
   * The fault that broke it off.
   */
  error: Fault | null;
  /**
   * The author's hint for whoever fails it.
   */
  help: Text | null;
  /**
   * Null when none could be started.
   */
  engine: Engine | null;
  startedAt: Time;
  durationMs: DurationMs;
  points: number;
  maxPoints: number;
  /**
   * Where its files are, when they were kept.
   */
  keptAt: string | null;
  /**
   * Its steps, each followed by its expectations, then the expectations at the end.
   */
  checks: CheckResult[];
}
export interface Fault {
  name: string;
  message: string;
  stack?: string;
}
/**
 * Which engine the result comes from.
 */
export interface Engine {
  kind: "embedded" | "dockerd";
  version: string;
  /**
   * How isolated containers are there.
   */
  tier: string;
}
/**
 * A step, with what holds of every step (it ends with exit code 0), or an expectation that the author wrote.
 */
export interface CheckResult {
  /**
   * Unique in the scenario.
   */
  id: string;
  type: "step" | "expectation";
  title: Text;
  location: Location;
  outcome: Outcome;
  points: number;
  maxPoints: number;
  durationMs: DurationMs;
  /**
   * Why it fails.
   */
  problems: Problem[];
  error: Fault | null;
  /**
   * The step for which it was skipped.
   */
  because: string | null;
  /**
   * Of a step that ran.
   */
  output: Output | null;
}
/**
 * A place in a scenario file, counted from 1.
 */
export interface Location {
  file: string;
  line: number;
  column: number;
}
/**
 * What is not as it should be.
 */
export interface Problem {
  title: Text;
  location: Location;
  /**
   * In one line.
   */
  rationale: string;
  /**
   * With `actual`: texts to compare.
   */
  expected: string | null;
  actual: string | null;
  help: Text | null;
}
export interface Output {
  /**
   * Null when it did not end by itself, or runs in the background.
   */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}
