import type {
  Capture,
  Container,
  Counts,
  ChangeSet,
  Difference,
  EntrySet,
  Events,
  ExitCode,
  File,
  HttpAnswer,
  HttpRequest,
  Image,
  Network,
  Only,
  Requires,
  Text,
  TextMatcher,
  Volume,
} from "../scenario/scenario.generated.ts";
import type { SourcePath } from "../scenario/source.ts";
import type { Fraction } from "./fraction.ts";
import type { DrawnVariable } from "./variables.ts";

/** A place in the author's file; `line` and `column` count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A scenario made ready to run: flat, with times in milliseconds, points as fractions, and where everything stands. */
export interface Plan {
  readonly file: string;
  readonly name: string;
  readonly title: Text | null;
  readonly description: Text | null;
  readonly help: Text | null;
  readonly tags: readonly string[];
  readonly location: Location;
  /** The sum of all expectations' points. */
  readonly points: Fraction;
  /** Of all steps together. */
  readonly timeoutMs: number;
  readonly images: readonly string[];
  readonly requires: Requires & { /** Variables of the environment that should be set and are not. */ readonly unset?: readonly string[] };
  readonly env: Readonly<Record<string, string>>;
  /** Variables beside `env` whose values are drawn when the plan runs. */
  readonly drawn: readonly DrawnVariable[];
  /** Names of variables that no report may hold. */
  readonly secretNames: readonly string[];
  /** In order; a step's expectations are looked at right after it. */
  readonly steps: readonly PlannedStep[];
  /** Looked at after the last step. */
  readonly expectations: readonly Expectation[];
  /** Shell commands run at the end, whatever happened; not judged. */
  readonly cleanup: readonly string[];
  /** What must have passed, and where this one starts: a copy of that one's root; null: a fresh root. */
  readonly needs: Plan | null;
  /** All files that it comes from: the scenario's own, and those that it shares with others. */
  readonly files: readonly string[];
  /** Texts that no report may have. */
  readonly secrets?: readonly string[];
}

/** One thing to do. `${NAME}` in `env`, `cwd` and a written file's path is still to be replaced: `interpolateStep`. */
export interface PlannedStep {
  /** `step-1`, `step-2`, …: unique in the plan. */
  readonly id: string;
  /** The author's name for it, or what it does in a few words. */
  readonly title: string;
  /** The author's title for people, where there is one. */
  readonly shownTitle?: Text;
  readonly location: Location;
  readonly action: StepAction;
  /** Added to the plan's. */
  readonly env: Readonly<Record<string, string>>;
  /** Relative to the work directory. */
  readonly cwd: string;
  /** `uid` or `uid:gid`; null: root. */
  readonly user: string | null;
  /** Null: always. What is expected of a step with a condition earns nothing. */
  readonly condition: Condition | null;
  /** Null: bounded by the scenario's alone. */
  readonly timeoutMs: number | null;
  /** Variables to keep from its output (see `captureVariables`). */
  readonly capture: Readonly<Record<string, Capture>>;
  readonly expectations: readonly Expectation[];
}

export type StepAction =
  | {
      readonly kind: "command";
      /** A command line for `sh -c`. */
      readonly command: string;
      readonly stdin: string;
      /** True: not waited for, and ended with the scenario. */
      readonly background: boolean;
    }
  | {
      readonly kind: "terminal";
      readonly command: string;
      readonly columns: number;
      readonly rows: number;
      readonly script: readonly TerminalAction[];
    }
  /** `path` is below the work directory, `mode` the permission bits. */
  | { readonly kind: "write"; readonly path: string; readonly content: string; readonly mode: number }
  /** `source` is a file or folder of the host; `mode` null: as it has it there. */
  | { readonly kind: "fixture"; readonly path: string; readonly source: string; readonly mode: number | null }
  /** Both below the work directory. */
  | { readonly kind: "copy"; readonly from: string; readonly to: string }
  | { readonly kind: "http"; readonly request: HttpRequest }
  /** `step` is the id of one in the background. */
  | { readonly kind: "wait"; readonly step: string }
  | { readonly kind: "signal"; readonly step: string; readonly signal: NodeJS.Signals }
  /** 0 for what only waits for its expectations. */
  | { readonly kind: "sleep"; readonly ms: number };

/** What must hold for a step to be done. */
export interface Condition {
  readonly engine: readonly string[] | null;
  readonly variables: Readonly<Record<string, TextMatcher>>;
  /** Ids of steps. */
  readonly passed: string | null;
  readonly failed: string | null;
}

export type TerminalAction =
  /** `text` is what the keys send, control characters and all. */
  | { readonly kind: "type"; readonly text: string; readonly location: Location }
  /** Waits until `awaited` has been shown after what the last `expect` found. */
  | { readonly kind: "expect"; readonly awaited: Awaited; readonly timeoutMs: number; readonly location: Location }
  | { readonly kind: "resize"; readonly columns: number; readonly rows: number; readonly location: Location }
  /** Waits until the screen, as a person sees it, is so. */
  | { readonly kind: "screen"; readonly text: TextMatcher; readonly timeoutMs: number; readonly location: Location }
  | { readonly kind: "close"; readonly location: Location };

/** A text to find, or the source of a regular expression (flags `mu`). */
export type Awaited = { readonly contains: string } | { readonly matches: string };

/** One thing that must be true, with its place, its title and what it earns. */
export type Expectation = ExpectationBase & ExpectationSubject;

export interface ExpectationBase {
  /** Unique in the plan: `step-2/exitCode`, `expect/1/containers/web`. */
  readonly id: string;
  /** The author's title, or what is expected in a few words. */
  readonly title: Text;
  readonly location: Location;
  /** The place of one of the keys, or of a list's items, within `expected`; of the nearest that is written when it is not. */
  readonly placeOf: (at: SourcePath) => Location;
  readonly points: Fraction;
  readonly help: Text | null;
  readonly eventually: { readonly timeoutMs: number; readonly intervalMs: number } | null;
  /** A failure is let pass until this day (`2026-12-31`, UTC), for this reason. */
  readonly waiver: { readonly reason: string; readonly until: string } | null;
  /** When it fails, the scenario stops. */
  readonly must: boolean;
  /** False for what holds unless the author says otherwise: a step's exit code 0, a terminal's dialogue. */
  readonly explicit: boolean;
}

export type ExpectationSubject =
  /** Of the step it belongs to. */
  | { readonly kind: "exitCode"; readonly expected: ExitCode }
  | { readonly kind: "output"; readonly stream: "stdout" | "stderr"; readonly expected: TextMatcher }
  /** What an HTTP request was answered with; nothing expected: that it was answered. */
  | { readonly kind: "response"; readonly expected: Pick<HttpAnswer, "status" | "headers" | "body"> }
  /** A terminal's script went through as written. */
  | { readonly kind: "dialogue" }
  /** Of the engine and the work directory. */
  | { readonly kind: "container"; readonly name: string; readonly expected: Container }
  | { readonly kind: "image"; readonly ref: string; readonly expected: Image }
  | { readonly kind: "volume"; readonly name: string; readonly expected: Volume }
  | { readonly kind: "network"; readonly name: string; readonly expected: Network }
  | { readonly kind: "count"; readonly expected: Counts }
  | { readonly kind: "only"; readonly expected: Only }
  | { readonly kind: "difference"; readonly expected: Difference }
  | { readonly kind: "events"; readonly expected: Events }
  | { readonly kind: "http"; readonly expected: HttpAnswer }
  | { readonly kind: "diff"; readonly container: string; readonly expected: ChangeSet }
  | { readonly kind: "file"; readonly expected: File }
  | { readonly kind: "entries"; readonly tar: string; readonly expected: EntrySet }
  | { readonly kind: "logs"; readonly container: string; readonly expected: TextMatcher };

/** Expectations about what a step itself did; all others are observed through the engine's API or in the work directory. */
export type StepExpectationKind = "exitCode" | "output" | "response" | "dialogue";

/** Whether `expectation` is about a step's own outcome, so that no engine need be asked. */
export function isAboutStep(
  expectation: Expectation,
): expectation is ExpectationBase & Extract<ExpectationSubject, { kind: StepExpectationKind }> {
  return ["exitCode", "output", "response", "dialogue"].includes(expectation.kind);
}
