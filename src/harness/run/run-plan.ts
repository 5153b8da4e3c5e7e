import { Cleanup } from "../../base/cleanup.ts";
import { messageOf } from "../../base/errors.ts";
import { captureVariables, interpolateCondition, interpolateStep } from "../plan/interpolate.ts";
import type { Plan, PlannedStep } from "../plan/plan.ts";
import { provideStandIns } from "../targets/stand-in-images.ts";
import { TargetError, type TargetRoot } from "../targets/target.ts";
import { actUntilMet, type StepDeadline } from "./act-step.ts";
import { captureState } from "./capture-state.ts";
import { type PlanRun, serializeError, type StepRecord } from "./events.ts";
import { guardImages } from "./guard-images.ts";
import { look } from "./look.ts";
import type { StepOutcome } from "./observe/observation.ts";
import { pause } from "./pause.ts";
import { type RunPlanOptions, RunState } from "./run-state.ts";
import { runCommand } from "./steps/command.ts";

/** How long all cleanup commands may take together. */
const CLEANUP_LIMIT_MS = 30_000;
/** From an engine's silence to the news of its end, at most. */
const ENGINE_END_MS = 10_000;

/**
 * Runs a plan's steps in `root`, in order, and looks at its expectations: a step's right after it, the others after the last step.
 * A step whose expectations fail does not keep the next from running. What is at fault itself, engine or host, breaks the run off, and
 * what was not seen by then is `unobserved`. Never throws, except the signal's reason when aborted.
 */
export async function runPlan(plan: Plan, root: TargetRoot, options: RunPlanOptions): Promise<PlanRun> {
  const startedAt = new Date();
  const start = performance.now();
  const run = new RunState(plan, root, options);
  await using cleanup = new Cleanup();
  try {
    await provideStandIns(root, plan, run.signal);
    await root.provideImages(plan.images, run.signal);
  } catch (error) {
    run.fault(error, "images");
  }
  const guard = root.endSteps === null || run.over !== null ? null : await guardImages(run);
  run.scene.events.begin();
  // What took long until here is not the scenario's.
  const deadline = performance.now() + plan.timeoutMs;
  cleanup.defer(() => cleanUp(run));
  for (const step of plan.steps) {
    await doStep(run, step, { deadline, cleanup });
    await guard?.();
  }
  for (const expectation of plan.expectations) await look(run, expectation, null, null);
  options.signal.throwIfAborted();
  const { error } = run.over ?? { error: null };
  return {
    plan,
    startedAt,
    durationMs: performance.now() - start,
    steps: run.steps,
    observed: run.observed,
    error: error === null ? null : serializeError(error),
    secrets: [...plan.secretNames, ...run.secretNames].flatMap((name) => run.variables[name] ?? []),
    leaves: {
      variables: run.variables,
      secretNames: [...run.secretNames],
      events: options.isNeeded === true && error === null ? await run.scene.events.all() : [],
    },
  };
}

async function doStep(run: RunState, planned: PlannedStep, until: StepDeadline): Promise<void> {
  let record: StepRecord;
  let step = planned;
  try {
    if (run.over === null && !applies(run, planned)) return;
  } catch (error) {
    if (run.lacking(error) === null) throw error;
  }
  if (run.over !== null) {
    record = { step, status: "skipped", because: run.over.because };
  } else {
    const startedAt = new Date();
    try {
      step = interpolateStep(planned, run.variables);
      run.options.listener.onStepStart?.(run.plan, step);
      const acted = await actUntilMet(run, step, until);
      const isOfScenario = acted.timedOut && (step.timeoutMs === null || acted.timeoutMs < step.timeoutMs);
      const outcome = isOfScenario ? { ...acted, scenarioMs: run.plan.timeoutMs } : acted;
      if (outcome.exitCode !== 0) await engineAnswers(run);
      const { variables, missing } = await captureFrom(run, step, outcome);
      run.variables = { ...run.variables, ...variables };
      for (const name of missing) run.missing.set(name, step.id);
      record = { step, status: "done", startedAt, outcome, missing };
      if (performance.now() >= until.deadline) run.over = { because: step.id, error: null };
    } catch (error) {
      const because = run.lacking(error);
      if (because !== null) record = { step, status: "skipped", because };
      else record = { step, status: "error", startedAt, error: serializeError(run.fault(error, step.id)) };
    }
  }
  run.steps.push(record);
  if (!run.signal.aborted) await run.scene.events.collect().catch(() => undefined);
  run.options.listener.onStepEnd?.(run.plan, record);
  const outcome = record.status === "done" ? record.outcome : null;
  for (const expectation of step.expectations) await look(run, expectation, step, outcome);
}

/** Variables from the step's output and from the engine's state. */
async function captureFrom(run: RunState, { capture }: PlannedStep, outcome: StepOutcome): Promise<ReturnType<typeof captureVariables>> {
  const ofOutput = captureVariables(capture, outcome);
  const ofState = await captureState(capture, run.root.client, run.variables);
  const secret = Object.entries(capture).flatMap(([name, one]) => (typeof one === "object" && one.secret === true ? [name] : []));
  for (const name of secret) run.secretNames.add(name);
  return { variables: { ...ofOutput.variables, ...ofState.variables }, missing: [...ofOutput.missing, ...ofState.missing] };
}

/** Whether a step with a condition is to be done. */
function applies(run: RunState, { condition }: PlannedStep): boolean {
  if (condition === null) return true;
  const { engine, variables, passed, failed } = interpolateCondition(condition, run.variables);
  return (
    (engine === null || engine.includes(run.root.engine.kind)) &&
    Object.entries(variables).every(([name, expected]) => run.isText(expected, run.variables[name] ?? "")) &&
    (passed === null || run.hasPassed(passed) === true) &&
    (failed === null || run.hasPassed(failed) === false)
  );
}

/** A step that failed may have failed with the engine: throws when it is gone. */
async function engineAnswers(run: RunState): Promise<void> {
  try {
    await run.root.client.ping(run.signal);
  } catch (error) {
    // Its end is about to be told, with the reason.
    await pause(ENGINE_END_MS, run.signal);
    run.signal.throwIfAborted();
    throw new TargetError(`the engine does not answer: ${messageOf(error)}`, { cause: error });
  }
}

async function cleanUp(run: RunState): Promise<void> {
  if (run.signal.aborted) return;
  const limit = performance.now() + CLEANUP_LIMIT_MS;
  for (const command of run.plan.cleanup) {
    const limitMs = Math.max(0, limit - performance.now());
    const context = {
      root: run.root,
      env: run.variables,
      cwd: ".",
      user: null,
      limitMs,
      marker: run.root.marker,
      signal: run.signal,
    };
    // Its outcome is not judged, and the root goes away anyhow.
    await runCommand({ kind: "command", command, stdin: "", background: false }, context).catch(() => null);
  }
}
