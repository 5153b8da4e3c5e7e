import type { Plan, PlannedStep } from "../plan/plan.ts";
import type { StepRecord } from "../run/events.ts";
import type { Report, ScenarioResult } from "./report.ts";

/** What is told before the first scenario. */
export interface RunInfo {
  readonly slipwayVersion: string;
  readonly plans: readonly Pick<Plan, "name" | "file">[];
  /** So often each is run. */
  readonly repeat: number;
  readonly jobs: number;
  readonly seed: number;
}

/** Listens to a run; every method is optional, and one reporter's fault never spoils another (see multiplexer.ts). */
export interface Reporter {
  onRunStart?(run: RunInfo): void;
  onScenarioStart?(plan: Plan): void;
  onStepStart?(plan: Plan, step: PlannedStep): void;
  onStepEnd?(plan: Plan, record: StepRecord): void;
  onScenarioEnd?(result: ScenarioResult): void;
  /** Last; what it returns is waited for. */
  onRunEnd?(report: Report): void | Promise<void>;
}

/** The languages that texts for people come in. */
export type Language = "en" | "zh";
