import { zero } from "../plan/fraction.ts";
import { MissingVariableError, type Variables } from "../plan/interpolate.ts";
import type { Expectation, Plan } from "../plan/plan.ts";
import type { TextMatcher } from "../scenario/scenario.generated.ts";
import { TargetError, type TargetRoot } from "../targets/target.ts";
import { draw } from "./draw.ts";
import type { Leaves, Observed, RunListener, StepRecord } from "./events.ts";
import type { Scene } from "./observe/engine.ts";
import type { Observation } from "./observe/observation.ts";
import { sceneOf } from "./scene.ts";
import type { StepProcess } from "./step-process.ts";

export interface RunPlanOptions {
  /** The variable SEED; 0 when absent. */
  readonly studentSeed?: string;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
  /** Of what the plan's variables draw by chance; "0" when absent. */
  readonly seed?: string;
  /** What the run left that this one goes on from, in a copy of its root or in its own. */
  readonly start?: Leaves;
  /** Another goes on from this one. */
  readonly isNeeded?: boolean;
  /** Whether the expectation holds: for `eventually`, which looks again until it does. */
  readonly isMet: (expectation: Expectation, observation: Observation) => boolean;
}

/** What a run of a plan knows and has seen so far: the steps and the looks at expectations share it. */
export class RunState {
  readonly plan: Plan;
  readonly root: TargetRoot;
  readonly options: RunPlanOptions;
  readonly scene: Scene;
  readonly steps: StepRecord[] = [];
  readonly observed: Observed[] = [];
  /** Aborted when the run is, or the engine died. */
  readonly signal: AbortSignal;
  variables: Variables;
  /** Variables that no step's output gave, and the step that should have. */
  readonly missing = new Map<string, string>();
  /** Of captured variables. */
  readonly secretNames = new Set<string>();
  /** Steps in the background, by id. */
  readonly background = new Map<string, StepProcess>();
  /** Why the next steps are not run; null while they are. */
  over: { readonly because: string; readonly error: Error | null; /** Nothing is looked at any more. */ readonly stops?: boolean } | null =
    null;

  constructor(plan: Plan, root: TargetRoot, options: RunPlanOptions) {
    this.plan = plan;
    this.root = root;
    this.options = options;
    const broken = new AbortController();
    this.signal = AbortSignal.any([options.signal, broken.signal]);
    const seed = options.seed ?? options.studentSeed ?? "0";
    const drawn = plan.drawn.map(({ name, from }) => [name, draw(from, { seed, scenario: plan.name, name })] as const);
    this.variables = {
      SEED: options.studentSeed ?? "0",
      ...plan.env,
      ...Object.fromEntries(drawn),
      ...options.start?.variables,
      WORKDIR: root.workdir,
    };
    for (const name of options.start?.secretNames ?? []) this.secretNames.add(name);
    const { start, isNeeded = false } = options;
    this.scene = sceneOf(root, plan, { signal: this.signal, past: start?.events ?? [], isNeeded });
    void root.died.then((reason) => broken.abort(new TargetError(`the engine ended: ${reason}`)));
  }

  /** Whether all that was expected of a step held; null when it was not done. */
  hasPassed(id: string): boolean | null {
    if (!this.steps.some(({ step, status }) => step.id === id && status === "done")) return null;
    return this.observed.every(({ step, expectation, observation }) => step?.id !== id || this.options.isMet(expectation, observation));
  }

  /** Whether a text is as an author says it should be. */
  isText(expected: TextMatcher, text: string): boolean {
    const location = { file: "", line: 1, column: 1 };
    const told = { id: "", title: "", location, placeOf: () => location, help: null };
    const base = { ...told, points: zero, eventually: null, waiver: null, must: false, explicit: false };
    const expectation: Expectation = { ...base, kind: "output", stream: "stdout", expected };
    const outcome = { exitCode: 0, stdout: text, stderr: "", timedOut: false, timeoutMs: 0, dialogue: null, durationMs: 0 };
    return this.options.isMet(expectation, { kind: "step", ...outcome });
  }

  /** The step that gave no value for the variable which `error` misses; null when it is another error. */
  lacking(error: unknown): string | null {
    return error instanceof MissingVariableError ? (this.missing.get(error.variable) ?? null) : null;
  }

  /** From here on nothing more is run. Returns the error, the engine's end rather than what came of it. */
  fault(error: unknown, because: string): Error {
    const reason: unknown = this.signal.aborted ? this.signal.reason : error;
    const fault = reason instanceof Error ? reason : new Error(String(reason));
    this.over ??= { because, error: fault };
    return fault;
  }
}
