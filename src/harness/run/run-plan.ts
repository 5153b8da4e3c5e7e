import { Cleanup } from "../../base/cleanup.ts";
import { messageOf } from "../../base/errors.ts";
import {
  captureVariables,
  interpolateCondition,
  interpolateExpectation,
  interpolateStep,
  MissingVariableError,
  type Variables,
} from "../plan/interpolate.ts";
import { zero } from "../plan/fraction.ts";
import { type Expectation, isAboutStep, type Plan, type PlannedStep, type StepAction } from "../plan/plan.ts";
import type { TextMatcher } from "../scenario/scenario.generated.ts";
import { provideStandIns } from "../targets/stand-in-images.ts";
import { TargetError, type TargetRoot } from "../targets/target.ts";
import { captureState } from "./capture-state.ts";
import { draw } from "./draw.ts";
import { type Leaves, type Observed, type PlanRun, type RunListener, serializeError, type StepRecord } from "./events.ts";
import type { Scene } from "./observe/engine.ts";
import type { Observation, StepOutcome } from "./observe/observation.ts";
import { observe } from "./observe/observe.ts";
import { pinImages } from "./pinned-images.ts";
import { sceneOf } from "./scene.ts";
import type { StepContext } from "./step-context.ts";
import { endLeftovers, type StepProcess } from "./step-process.ts";
import { runCommand, startBackground } from "./steps/command.ts";
import { copyStepFile, writeFixture, writeStepFile } from "./steps/file.ts";
import { runHttp } from "./steps/http.ts";
import { outcomeOf, outcomeOfProcess } from "./steps/outcome.ts";
import { runTerminal } from "./steps/terminal.ts";

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

/** How long all cleanup commands may take together. */
const CLEANUP_LIMIT_MS = 30_000;
/** From an engine's silence to the news of its end, at most. */
const ENGINE_END_MS = 1_000;

/**
 * Runs a plan's steps in `root`, in order, and looks at its expectations: a step's right after it, the others after the last step.
 * A step whose expectations fail does not keep the next from running. What is at fault itself, engine or host, breaks the run off, and
 * what was not seen by then is `unobserved`. Never throws, except the signal's reason when aborted.
 */
export async function runPlan(plan: Plan, root: TargetRoot, options: RunPlanOptions): Promise<PlanRun> {
  const run = new Run(plan, root, options);
  return await run.all();
}

class Run {
  readonly #plan: Plan;
  readonly #root: TargetRoot;
  readonly #options: RunPlanOptions;
  readonly #startedAt = new Date();
  readonly #start = performance.now();
  readonly #steps: StepRecord[] = [];
  readonly #observed: Observed[] = [];
  readonly #broken = new AbortController();
  /** Aborted when the run is, or the engine died. */
  readonly #signal: AbortSignal;
  #variables: Variables;
  /** Variables that no step's output gave, and the step that should have. */
  readonly #missing = new Map<string, string>();
  readonly #scene: Scene;
  /** Of captured variables. */
  readonly #secretNames = new Set<string>();
  /** Steps in the background, by id. */
  readonly #background = new Map<string, StepProcess>();
  /** Why the next steps are not run; null while they are. */
  #over: { readonly because: string; readonly error: Error | null; /** Nothing is looked at any more. */ readonly stops?: boolean } | null =
    null;

  constructor(plan: Plan, root: TargetRoot, options: RunPlanOptions) {
    this.#plan = plan;
    this.#root = root;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#broken.signal]);
    const seed = options.seed ?? options.studentSeed ?? "0";
    const drawn = plan.drawn.map(({ name, from }) => [name, draw(from, { seed, scenario: plan.name, name })] as const);
    this.#variables = {
      SEED: options.studentSeed ?? "0",
      ...plan.env,
      ...Object.fromEntries(drawn),
      ...options.start?.variables,
      WORKDIR: root.workdir,
    };
    for (const name of options.start?.secretNames ?? []) this.#secretNames.add(name);
    const { start, isNeeded = false } = options;
    this.#scene = sceneOf(root, plan, { signal: this.#signal, past: start?.events ?? [], isNeeded });
    void root.died.then((reason) => this.#broken.abort(new TargetError(`the engine ended: ${reason}`)));
  }

  async all(): Promise<PlanRun> {
    await using cleanup = new Cleanup();
    try {
      await provideStandIns(this.#root, this.#plan, this.#signal);
      await this.#root.provideImages(this.#plan.images, this.#signal);
    } catch (error) {
      this.#fault(error, "images");
    }
    const guard = this.#root.endSteps === null || this.#over !== null ? null : await this.#guardImages();
    this.#scene.events.begin();
    // What took long until here is not the scenario's.
    const deadline = performance.now() + this.#plan.timeoutMs;
    cleanup.defer(() => this.#cleanUp());
    for (const step of this.#plan.steps) {
      await this.#step(step, deadline, cleanup);
      await guard?.();
    }
    for (const expectation of this.#plan.expectations) await this.#look(expectation, null, null);
    this.#options.signal.throwIfAborted();
    const { error } = this.#over ?? { error: null };
    return {
      plan: this.#plan,
      startedAt: this.#startedAt,
      durationMs: performance.now() - this.#start,
      steps: this.#steps,
      observed: this.#observed,
      error: error === null ? null : serializeError(error),
      secrets: [...this.#plan.secretNames, ...this.#secretNames].flatMap((name) => this.#variables[name] ?? []),
      leaves: {
        variables: this.#variables,
        secretNames: [...this.#secretNames],
        events: this.#options.isNeeded === true && error === null ? await this.#scene.events.all() : [],
      },
    };
  }

  async #step(planned: PlannedStep, deadline: number, cleanup: Cleanup): Promise<void> {
    let record: StepRecord;
    let step = planned;
    try {
      if (this.#over === null && !this.#applies(planned)) return;
    } catch (error) {
      if (this.#lacking(error) === null) throw error;
    }
    if (this.#over !== null) {
      record = { step, status: "skipped", because: this.#over.because };
    } else {
      const startedAt = new Date();
      try {
        step = interpolateStep(planned, this.#variables);
        this.#options.listener.onStepStart?.(this.#plan, step);
        const outcome = await this.#actUntilMet(step, deadline, cleanup);
        if (outcome.exitCode !== 0) await this.#engineAnswers();
        const { variables, missing } = await this.#capture(step, outcome);
        this.#variables = { ...this.#variables, ...variables };
        for (const name of missing) this.#missing.set(name, step.id);
        record = { step, status: "done", startedAt, outcome, missing };
        if (performance.now() >= deadline) this.#over = { because: step.id, error: null };
      } catch (error) {
        const because = this.#lacking(error);
        if (because !== null) record = { step, status: "skipped", because };
        else record = { step, status: "error", startedAt, error: serializeError(this.#fault(error, step.id)) };
      }
    }
    this.#steps.push(record);
    if (!this.#signal.aborted) await this.#scene.events.collect().catch(() => undefined);
    this.#options.listener.onStepEnd?.(this.#plan, record);
    const outcome = record.status === "done" ? record.outcome : null;
    for (const expectation of step.expectations) await this.#look(expectation, step, outcome);
  }

  /** Variables from the step's output and from the engine's state. */
  async #capture({ capture }: PlannedStep, outcome: StepOutcome): Promise<ReturnType<typeof captureVariables>> {
    const ofOutput = captureVariables(capture, outcome);
    const ofState = await captureState(capture, this.#root.client, this.#variables);
    const secret = Object.entries(capture).flatMap(([name, one]) => (typeof one === "object" && one.secret === true ? [name] : []));
    for (const name of secret) this.#secretNames.add(name);
    return { variables: { ...ofOutput.variables, ...ofState.variables }, missing: [...ofOutput.missing, ...ofState.missing] };
  }

  /** Does the step, and again as long as what is eventually expected of its own outcome does not hold and has time left. */
  async #actUntilMet(step: PlannedStep, deadline: number, cleanup: Cleanup): Promise<StepOutcome> {
    const startedAt = performance.now();
    const isBackground = step.action.kind === "command" && step.action.background;
    for (;;) {
      const outcome = await this.#act(step, deadline, cleanup);
      const now = performance.now();
      const again = step.expectations.flatMap((expectation) => {
        const { eventually } = expectation;
        if (isBackground || eventually === null || !isAboutStep(expectation)) return [];
        const left = Math.min(startedAt + eventually.timeoutMs, deadline) - now;
        return left <= 0 || this.#isStepMet(expectation, step, outcome) ? [] : [Math.min(eventually.intervalMs, left)];
      });
      if (again.length === 0) return { ...outcome, durationMs: now - startedAt };
      await pause(Math.min(...again), this.#signal);
      this.#signal.throwIfAborted();
    }
  }

  #isStepMet(expectation: Expectation, step: PlannedStep, outcome: StepOutcome): boolean {
    try {
      const interpolated = interpolateExpectation(expectation, { ...this.#variables, ...step.env });
      return this.#options.isMet(interpolated, { kind: "step", ...outcome });
    } catch (error) {
      // What the step itself captures is not known yet: to do it again would not change that.
      if (error instanceof MissingVariableError) return true;
      throw error;
    }
  }

  /** What a step in the background has printed, looked at again until it is as expected or the time is over. */
  async #awaitOutput(expectation: Expectation, step: PlannedStep, outcome: StepOutcome): Promise<StepOutcome> {
    const process = this.#background.get(step.id);
    const { eventually } = expectation;
    if (process === undefined || eventually === null) return outcome;
    const limit = performance.now() + eventually.timeoutMs;
    for (;;) {
      this.#signal.throwIfAborted();
      const { stdout, stderr } = process.soFar();
      const now = { ...outcome, stdout: stdout.text, stderr: stderr.text };
      const left = limit - performance.now();
      if (left <= 0 || this.#options.isMet(expectation, { kind: "step", ...now })) return now;
      await pause(Math.min(eventually.intervalMs, left), this.#signal);
    }
  }

  async #act(step: PlannedStep, deadline: number, cleanup: Cleanup): Promise<StepOutcome> {
    const remainingMs = Math.max(0, deadline - performance.now());
    const context: StepContext = {
      root: this.#root,
      env: { ...this.#variables, ...step.env },
      cwd: step.cwd,
      user: step.user,
      limitMs: Math.min(step.timeoutMs ?? remainingMs, remainingMs),
      marker: this.#root.marker,
      signal: this.#signal,
    };
    const { action } = step;
    switch (action.kind) {
      case "terminal":
        return await runTerminal(action, context, (expected, text) => this.#isText(expected, text));
      case "write":
        return await writeStepFile(action, context);
      case "fixture":
        return await writeFixture(action, context);
      case "copy":
        return await copyStepFile(action, context);
      case "http":
        return await runHttp(action, context, this.#scene);
      case "wait":
      case "signal":
        return await this.#withBackground(action, context);
      case "sleep": {
        const startedAt = performance.now();
        await pause(Math.min(action.ms, context.limitMs), this.#signal);
        this.#signal.throwIfAborted();
        return outcomeOf(startedAt, context, { timedOut: action.ms > context.limitMs });
      }
      case "command": {
        if (!action.background) return await runCommand(action, context);
        const { outcome, process } = startBackground(action, context);
        this.#background.set(step.id, process);
        cleanup.defer(() => process.kill());
        return outcome;
      }
    }
  }

  async #withBackground(action: Extract<StepAction, { kind: "wait" | "signal" }>, context: StepContext): Promise<StepOutcome> {
    const startedAt = performance.now();
    const process = this.#background.get(action.step);
    if (process === undefined) return outcomeOf(startedAt, context, { exitCode: 1, stderr: `${action.step} was not started` });
    if (action.kind === "wait") return await outcomeOfProcess(process, startedAt, context);
    const sent = await process.signal(action.signal);
    return outcomeOf(startedAt, context, sent ? {} : { exitCode: 1, stderr: `${action.step} has ended` });
  }

  /** Whether a step with a condition is to be done. */
  #applies({ condition }: PlannedStep): boolean {
    if (condition === null) return true;
    const { engine, variables, passed, failed } = interpolateCondition(condition, this.#variables);
    return (
      (engine === null || engine.includes(this.#root.engine.kind)) &&
      Object.entries(variables).every(([name, expected]) => this.#isText(expected, this.#variables[name] ?? "")) &&
      (passed === null || this.#passed(passed) === true) &&
      (failed === null || this.#passed(failed) === false)
    );
  }

  /** Whether all that was expected of a step held; null when it was not done. */
  #passed(id: string): boolean | null {
    if (!this.#steps.some(({ step, status }) => step.id === id && status === "done")) return null;
    return this.#observed.every(({ step, expectation, observation }) => step?.id !== id || this.#options.isMet(expectation, observation));
  }

  #isText(expected: TextMatcher, text: string): boolean {
    const location = { file: "", line: 1, column: 1 };
    const base = { id: "", title: "", location, points: zero, help: null, eventually: null, waiver: null, must: false, explicit: false };
    const expectation: Expectation = { ...base, kind: "output", stream: "stdout", expected };
    const outcome = { exitCode: 0, stdout: text, stderr: "", timedOut: false, timeoutMs: 0, dialogue: null, durationMs: 0 };
    return this.#options.isMet(expectation, { kind: "step", ...outcome });
  }

  async #look(planned: Expectation, step: PlannedStep | null, outcome: StepOutcome | null): Promise<void> {
    const startedAt = performance.now();
    let expectation = planned;
    let observation: Observation;
    try {
      if (this.#over !== null && (this.#over.stops === true || (step === null ? this.#over.error !== null : outcome === null))) {
        const { because, error } = this.#over;
        observation = error === null ? { kind: "skipped", because } : { kind: "unobserved", error: serializeError(error) };
      } else {
        expectation = interpolateExpectation(planned, { ...this.#variables, ...step?.env });
        if (isAboutStep(expectation)) {
          if (outcome === null || step === null) observation = { kind: "skipped", because: step?.id ?? "" };
          else observation = { kind: "step", ...(await this.#awaitOutput(expectation, step, outcome)) };
        } else observation = await this.#observe(expectation);
      }
    } catch (error) {
      const because = this.#lacking(error);
      if (because !== null) observation = { kind: "skipped", because };
      else observation = { kind: "unobserved", error: serializeError(this.#signal.aborted ? this.#signal.reason : error) };
    }
    if (expectation.must && !this.#options.isMet(expectation, observation))
      this.#over ??= { because: expectation.id, error: null, stops: true };
    this.#observed.push({ expectation, step, observation, durationMs: performance.now() - startedAt });
  }

  /** For steps that are not to be trusted: what ends each one's leftovers, and undoes what it did to the names of the scenario's own images. */
  async #guardImages(): Promise<(() => Promise<void>) | null> {
    const hasBackground = this.#plan.steps.some(({ action }) => action.kind === "command" && action.background);
    try {
      const images = await pinImages(this.#root.client, this.#plan.images, this.#signal);
      return async () => {
        if (this.#over !== null) return;
        try {
          // What runs beside steps on the author's word cannot be told from what a submission left.
          if (!hasBackground) await endLeftovers(this.#root.endSteps);
          await images.restore(this.#signal);
        } catch (error) {
          this.#fault(error, "images");
        }
      };
    } catch (error) {
      this.#fault(error, "images");
      return null;
    }
  }

  /** Looks once, or with `eventually` until it holds or the time is over. */
  async #observe(expectation: Expectation): Promise<Observation> {
    const { eventually } = expectation;
    const limit = performance.now() + (eventually?.timeoutMs ?? 0);
    for (;;) {
      this.#signal.throwIfAborted();
      const observation = await observe(expectation, {
        ...this.#scene,
        signal: this.#signal,
      });
      if (eventually === null || this.#options.isMet(expectation, observation)) return observation;
      const left = limit - performance.now();
      if (left <= 0) return observation;
      await pause(Math.min(eventually.intervalMs, left), this.#signal);
    }
  }

  /** A step that failed may have failed with the engine: throws when it is gone. */
  async #engineAnswers(): Promise<void> {
    try {
      await this.#root.client.ping(this.#signal);
    } catch (error) {
      // Its end is about to be told, with the reason.
      await pause(ENGINE_END_MS, this.#signal);
      this.#signal.throwIfAborted();
      throw new TargetError(`the engine does not answer: ${messageOf(error)}`, { cause: error });
    }
  }

  /** The step that gave no value for the variable which `error` misses; null when it is another error. */
  #lacking(error: unknown): string | null {
    return error instanceof MissingVariableError ? (this.#missing.get(error.variable) ?? null) : null;
  }

  /** From here on nothing more is run. Returns the error, the engine's end rather than what came of it. */
  #fault(error: unknown, because: string): Error {
    const reason: unknown = this.#signal.aborted ? this.#signal.reason : error;
    const fault = reason instanceof Error ? reason : new Error(String(reason));
    this.#over ??= { because, error: fault };
    return fault;
  }

  async #cleanUp(): Promise<void> {
    if (this.#signal.aborted) return;
    const limit = performance.now() + CLEANUP_LIMIT_MS;
    for (const command of this.#plan.cleanup) {
      const limitMs = Math.max(0, limit - performance.now());
      const context = {
        root: this.#root,
        env: this.#variables,
        cwd: ".",
        user: null,
        limitMs,
        marker: this.#root.marker,
        signal: this.#signal,
      };
      // Its outcome is not judged, and the root goes away anyhow.
      await runCommand({ kind: "command", command, stdin: "", background: false }, context).catch(() => null);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
