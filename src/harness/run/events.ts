import type { EventMessage } from "../../docker/api/types.ts";
import type { Expectation, Plan, PlannedStep } from "../plan/plan.ts";
import type { Observation, SerializedError, StepOutcome } from "./observe/observation.ts";

/** A step that was run, or why it was not. */
export type StepRecord =
  | {
      readonly step: PlannedStep;
      readonly status: "done";
      readonly startedAt: Date;
      readonly outcome: StepOutcome;
      /** Variables whose pattern its output did not match. */ readonly missing: readonly string[];
    }
  /** Ours or the host's fault. */
  | { readonly step: PlannedStep; readonly status: "error"; readonly startedAt: Date; readonly error: SerializedError }
  /** The scenario's time was over, or an error came before. */
  | { readonly step: PlannedStep; readonly status: "skipped"; readonly because: string };

/** An expectation, with its variables put in, and what was seen of it. */
export interface Observed {
  readonly expectation: Expectation;
  /** The step it belongs to; null for those at the end. */
  readonly step: PlannedStep | null;
  readonly observation: Observation;
  /** Milliseconds spent looking, waiting included. */
  readonly durationMs: number;
}

/** All that happened in one run of a plan: what verdicts are made of. */
export interface PlanRun {
  readonly plan: Plan;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly steps: readonly StepRecord[];
  /** In the plan's order, one for each expectation. */
  readonly observed: readonly Observed[];
  /** What a plan that needs this one is to know. */
  readonly leaves: Leaves;
  /** Values of variables that no report may hold. */
  readonly secrets: readonly string[];
  /** The fault that broke the run off; null when there was none. */
  readonly error: SerializedError | null;
}

/** What a run hands on beside its root. */
export interface Leaves {
  /** Captured and drawn variables. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secretNames: readonly string[];
  readonly events: readonly EventMessage[];
}

/** Told while a plan runs, for live progress. */
export interface RunListener {
  onStepStart?(plan: Plan, step: PlannedStep): void;
  onStepEnd?(plan: Plan, record: StepRecord): void;
}

/** An error as reports keep it. */
export function serializeError(error: unknown): SerializedError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return { name: error.name, message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}
