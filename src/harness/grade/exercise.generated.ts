/** Generated from schemas/exercise.schema.json by `npm run generate`; do not edit. */

/**
 * A text for people: a string, or one per language.
 */
export type Text = string | TextMap;
/**
 * Relative to its folder.
 */
export type Path = string;
/**
 * Points, with at most three decimals.
 */
export type Points = number;
/**
 * @minItems 1
 */
export type CheckIds = string[];
/**
 * How often a student has handed in, from 1.
 */
export type Attempt = number;
/**
 * A time span: seconds, or a number with `ms`, `s`, `m` or `h`.
 */
export type Duration = number | string;
/**
 * Bytes: a whole number, or one with k, M or G (of 1024).
 */
export type Size = number | string;
/**
 * How much a student is told of what fails: all; without what was expected; what kind of thing; points only.
 */
export type Feedback = "full" | "actual-only" | "kind" | "none";
/**
 * When a student is told: at once, once `due` is over, never (only the sum of points).
 */
export type Visibility = "visible" | "after-due" | "hidden";

/**
 * What students are asked for, what they hand in, and the scenarios that grade it.
 */
export interface Exercise {
  title: Text;
  task?: Text;
  taskFile?: Text;
  handIn: HandIn;
  points?: Points;
  cap?: Points;
  /**
   * Points taken off for checks that fail; nobody gets less than nothing.
   */
  penalties?: Penalty[];
  hintsFrom?: Attempt;
  /**
   * Beside a student's id, what the variable SEED of that student's scenarios is made of.
   */
  seed?: string;
  /**
   * The last moment that is in time, with an offset: 2026-03-15T23:59:59+08:00.
   */
  due?: string;
  late?: Late;
  limits?: Limits;
  /**
   * True: containers may have the engine's socket bound, `-v /var/run/docker.sock:/var/run/docker.sock`.
   */
  engineSocket?: boolean;
  /**
   * What grades a submission; each runs in a root of its own.
   *
   * @minItems 1
   */
  scenarios: GradedScenario[];
  solution?: Path;
  /**
   * For each folder of `known-bad`, the verdict that it must get.
   */
  knownBad?: {
    [k: string]: KnownBad;
  };
}
export interface TextMap {
  en?: string;
  zh?: string;
}
/**
 * What is handed in. Other files are left aside, and the feedback says so.
 */
export interface HandIn {
  /**
   * @minItems 1
   */
  files: HandedIn[];
  /**
   * How many files at most; 100 when absent.
   */
  maxFiles?: number;
  /**
   * How many bytes all files have at most; 1 MiB when absent.
   */
  maxBytes?: number;
}
export interface HandedIn {
  path: Path;
  /**
   * Whether the feedback names it when it is missing; true when absent.
   */
  required?: boolean;
  /**
   * How long a file may be.
   */
  maxBytes?: number;
  /**
   * True: it may be executed, whatever an upload made of its permissions.
   */
  executable?: boolean;
}
export interface Penalty {
  /**
   * By its name.
   */
  scenario: string;
  checks: CheckIds;
  points: Points;
  about?: Text;
}
/**
 * What is taken off for a submission after `due`. Without it nothing is, and lateness is only told.
 */
export interface Late {
  grace?: Duration;
  /**
   * Of the earned points, for each started day.
   */
  percentPerDay?: number;
  /**
   * Later than these many days earns nothing.
   */
  maxDays?: number;
}
/**
 * What a submission's commands and containers may use, in each scenario's root.
 */
export interface Limits {
  memory?: Size;
  engineMemory?: Size;
  /**
   * Processes and threads together; 512 when absent.
   */
  processes?: number;
  cpuTime?: Duration;
  fileSize?: Size;
  disk?: Size;
  /**
   * Files and folders of all these; 60000 when absent.
   */
  files?: number;
  /**
   * Of each process; 1024 when absent.
   */
  openFiles?: number;
  output?: Size;
}
export interface GradedScenario {
  file: Path;
  points?: Points;
  /**
   * True: students do not have it. Its feedback is `kind` when nothing else is said.
   */
  hidden?: boolean;
  /**
   * Its part of the exercise's `points`, against the others' weights; instead of `points`.
   */
  weight?: number;
  /**
   * True: extra credit, beyond the exercise's points.
   */
  extra?: boolean;
  /**
   * Checks that earn their points only when all of them pass: true for all of the scenario, or lists of them.
   */
  allOrNothing?: boolean | CheckIds[];
  hintsFrom?: Attempt;
  feedback?: Feedback;
  visibility?: Visibility;
  /**
   * By their ids, what holds for single checks.
   */
  checks?: {
    [k: string]: GradedCheck;
  };
}
/**
 * How a single check is told of.
 */
export interface GradedCheck {
  feedback?: Feedback;
  visibility?: Visibility;
  /**
   * One for each attempt, the last for all later ones too; in place of the scenario's own.
   *
   * @minItems 1
   */
  hints?: Text[];
}
/**
 * The exact verdict.
 */
export interface KnownBad {
  about?: Text;
  points?: Points;
  /**
   * By scenario name, the ids of all checks that do not pass. A scenario that is not named passes.
   */
  fails?: {
    [k: string]: string[];
  };
  /**
   * True: it is not even run.
   */
  refused?: boolean;
}
