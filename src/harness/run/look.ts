import { interpolateExpectation } from "../plan/interpolate.ts";
import { type Expectation, isAboutStep, type PlannedStep } from "../plan/plan.ts";
import { serializeError } from "./events.ts";
import type { Observation, StepOutcome } from "./observe/observation.ts";
import { observe } from "./observe/observe.ts";
import { pause } from "./pause.ts";
import type { RunState } from "./run-state.ts";

/** Looks at an expectation, a step's or, with null, one about the end, and notes what was seen. Never throws. */
export async function look(run: RunState, planned: Expectation, step: PlannedStep | null, outcome: StepOutcome | null): Promise<void> {
  const startedAt = performance.now();
  let expectation = planned;
  let observation: Observation;
  try {
    if (run.over !== null && (run.over.stops === true || (step === null ? run.over.error !== null : outcome === null))) {
      const { because, error } = run.over;
      observation = error === null ? { kind: "skipped", because } : { kind: "unobserved", error: serializeError(error) };
    } else {
      expectation = interpolateExpectation(planned, { ...run.variables, ...step?.env });
      if (isAboutStep(expectation)) {
        if (outcome === null || step === null) observation = { kind: "skipped", because: step?.id ?? "" };
        else observation = { kind: "step", ...(await awaitOutput(run, expectation, step, outcome)) };
      } else observation = await observeUntilMet(run, expectation);
    }
  } catch (error) {
    const because = run.lacking(error);
    if (because !== null) observation = { kind: "skipped", because };
    else observation = { kind: "unobserved", error: serializeError(run.signal.aborted ? run.signal.reason : error) };
  }
  if (expectation.must && !run.options.isMet(expectation, observation)) run.over ??= { because: expectation.id, error: null, stops: true };
  run.observed.push({ expectation, step, observation, durationMs: performance.now() - startedAt });
}

/** Looks once, or with `eventually` until it holds or the time is over. */
async function observeUntilMet(run: RunState, expectation: Expectation): Promise<Observation> {
  const { eventually } = expectation;
  const limit = performance.now() + (eventually?.timeoutMs ?? 0);
  for (;;) {
    run.signal.throwIfAborted();
    const observation = await observe(expectation, { ...run.scene, signal: run.signal });
    if (eventually === null || run.options.isMet(expectation, observation)) return observation;
    const left = limit - performance.now();
    if (left <= 0) return observation;
    await pause(Math.min(eventually.intervalMs, left), run.signal);
  }
}

/** What a step in the background has printed, looked at again until it is as expected or the time is over. */
async function awaitOutput(run: RunState, expectation: Expectation, step: PlannedStep, outcome: StepOutcome): Promise<StepOutcome> {
  const process = run.background.get(step.id);
  const { eventually } = expectation;
  if (process === undefined || eventually === null) return outcome;
  const limit = performance.now() + eventually.timeoutMs;
  for (;;) {
    run.signal.throwIfAborted();
    const { stdout, stderr } = process.soFar();
    const now = { ...outcome, stdout: stdout.text, stderr: stderr.text };
    const left = limit - performance.now();
    if (left <= 0 || run.options.isMet(expectation, { kind: "step", ...now })) return now;
    await pause(Math.min(eventually.intervalMs, left), run.signal);
  }
}
