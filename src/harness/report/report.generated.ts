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
 * `fail` is theirs to mend, `error` is the engine's or the host's fault, `skip` did not run, `blocked` did not run since another that it needs did not pass, `interrupted` did not run, or not to its end, since the run was broken off.
 */
export type Outcome = "pass" | "fail" | "error" | "skip" | "blocked" | "interrupted";

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
  /**
   * Of the order, and of all that scenarios draw by chance; the same seed, the same run.
   */
  seed: number;
  /**
   * Which part of all scenarios this is; null for all of them. A merged report has none.
   */
  shard: Shard | null;
  totals: Totals;
  /**
   * In the order of their files.
   */
  scenarios: ScenarioResult[];
}
export interface Shard {
  /**
   * From 1.
   */
  index: number;
  count: number;
  by: "slice" | "hash";
}
export interface Totals {
  scenarios: number;
  passed: number;
  failed: number;
  errors: number;
  skipped: number;
  blocked: number;
  /**
   * Those that the run was broken off before, or in.
   */
  interrupted: number;
  /**
   * Of those that passed: after a try that did not.
   */
  flaky: number;
  /**
   * Earned.
   */
  points: number;
  /**
   * Of all scenarios that were neither skipped nor interrupted.
   */
  maxPoints: number;
}
export interface ScenarioResult {
  file: string;
  name: string;
  title: Text | null;
  tags: string[];
  location: Location;
  outcome: Outcome;
  /**
   * It passed, but not at the first try.
   */
  flaky: boolean;
  /**
   * It took longer than the run's `--slow`.
   */
  slow: boolean;
  /**
   * Which of several runs of it (`--repeat`) this is, counted from 1.
   */
  repetition: Repetition | null;
  /**
   * Why it was skipped, is blocked, or was interrupted.
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
  /**
   * Milliseconds from its root's being there to the last look.
   */
  durationMs: number;
  /**
   * Milliseconds that it waited for its root.
   */
  rootMs: number;
  /**
   * Milliseconds that removing its root took.
   */
  closeMs: number;
  points: number;
  maxPoints: number;
  /**
   * Where its files are, when they were kept.
   */
  keptAt: string | null;
  /**
   * A command line that runs it alone in the same way.
   */
  reproduce: string | null;
  /**
   * Tries before this one that did not pass (`--retries`), the first first.
   */
  earlier: Attempt[];
  /**
   * Its steps, each followed by its expectations, then the expectations at the end.
   */
  checks: CheckResult[];
}
/**
 * A place in a scenario file, counted from 1.
 */
export interface Location {
  file: string;
  line: number;
  column: number;
}
export interface Repetition {
  index: number;
  count: number;
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
  kind: "embedded" | "dockerd" | "podman";
  version: string;
  /**
   * How isolated containers are there.
   */
  tier: string;
}
/**
 * A try that did not pass, and was tried again.
 */
export interface Attempt {
  outcome: Outcome;
  error: Fault | null;
  startedAt: Time;
  durationMs: DurationMs;
  /**
   * Those that did not pass.
   */
  checks: CheckResult[];
}
/**
 * A step, with what holds of every step (it ends with exit code 0), or an expectation that the author wrote, or a leak that was found.
 */
export interface CheckResult {
  /**
   * Unique in the scenario.
   */
  id: string;
  /**
   * `leak`: what was there when the scenario was over, and should not have been.
   */
  type: "step" | "expectation" | "leak";
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
   * The step for which it was skipped; or that a failure was waived, and why.
   */
  because: string | null;
  /**
   * Of a step that ran.
   */
  output: Output | null;
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
   * The same in Chinese.
   */
  rationaleZh?: string;
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
