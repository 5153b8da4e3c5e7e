import type { Cleanup } from "../../base/cleanup.ts";
import { interpolateExpectation, MissingVariableError } from "../plan/interpolate.ts";
import { type Expectation, isAboutStep, type PlannedStep, type StepAction } from "../plan/plan.ts";
import type { StepOutcome } from "./observe/observation.ts";
import { pause } from "./pause.ts";
import type { RunState } from "./run-state.ts";
import type { StepContext } from "./step-context.ts";
import { runCommand, startBackground } from "./steps/command.ts";
import { copyStepFile, writeFixture, writeStepFile } from "./steps/file.ts";
import { runHttp } from "./steps/http.ts";
import { outcomeOf, outcomeOfProcess } from "./steps/outcome.ts";
import { runTerminal } from "./steps/terminal.ts";

export interface StepDeadline {
  /** Of the whole scenario, on the clock of `performance.now()`. */
  readonly deadline: number;
  /** Ends what goes on beside the next steps. */
  readonly cleanup: Cleanup;
}

/** Does the step, and again as long as what is eventually expected of its own outcome does not hold and has time left. */
export async function actUntilMet(run: RunState, step: PlannedStep, until: StepDeadline): Promise<StepOutcome> {
  const startedAt = performance.now();
  const isBackground = step.action.kind === "command" && step.action.background;
  for (;;) {
    const outcome = await act(run, step, until);
    const now = performance.now();
    const again = step.expectations.flatMap((expectation) => {
      const { eventually } = expectation;
      if (isBackground || eventually === null || !isAboutStep(expectation)) return [];
      const left = Math.min(startedAt + eventually.timeoutMs, until.deadline) - now;
      return left <= 0 || isStepMet(run, expectation, step, outcome) ? [] : [Math.min(eventually.intervalMs, left)];
    });
    if (again.length === 0) return { ...outcome, durationMs: now - startedAt };
    await pause(Math.min(...again), run.signal);
    run.signal.throwIfAborted();
  }
}

function isStepMet(run: RunState, expectation: Expectation, step: PlannedStep, outcome: StepOutcome): boolean {
  try {
    const interpolated = interpolateExpectation(expectation, { ...run.variables, ...step.env });
    return run.options.isMet(interpolated, { kind: "step", ...outcome });
  } catch (error) {
    // What the step itself captures is not known yet: to do it again would not change that.
    if (error instanceof MissingVariableError) return true;
    throw error;
  }
}

async function act(run: RunState, step: PlannedStep, { deadline, cleanup }: StepDeadline): Promise<StepOutcome> {
  const remainingMs = Math.max(0, deadline - performance.now());
  const context: StepContext = {
    root: run.root,
    env: { ...run.variables, ...step.env },
    cwd: step.cwd,
    user: step.user,
    limitMs: Math.min(step.timeoutMs ?? remainingMs, remainingMs),
    marker: run.root.marker,
    signal: run.signal,
  };
  const { action } = step;
  switch (action.kind) {
    case "terminal":
      return await runTerminal(action, context, (expected, text) => run.isText(expected, text));
    case "write":
      return await writeStepFile(action, context);
    case "fixture":
      return await writeFixture(action, context);
    case "copy":
      return await copyStepFile(action, context);
    case "http":
      return await runHttp(action, context, run.scene);
    case "wait":
    case "signal":
      return await withBackground(run, action, context);
    case "sleep": {
      const startedAt = performance.now();
      await pause(Math.min(action.ms, context.limitMs), run.signal);
      run.signal.throwIfAborted();
      return outcomeOf(startedAt, context, { timedOut: action.ms > context.limitMs });
    }
    case "command": {
      if (!action.background) return await runCommand(action, context);
      const { outcome, process } = startBackground(action, context);
      run.background.set(step.id, process);
      cleanup.defer(() => process.kill());
      return outcome;
    }
  }
}

async function withBackground(
  run: RunState,
  action: Extract<StepAction, { kind: "wait" | "signal" }>,
  context: StepContext,
): Promise<StepOutcome> {
  const startedAt = performance.now();
  const process = run.background.get(action.step);
  if (process === undefined) return outcomeOf(startedAt, context, { exitCode: 1, stderr: `${action.step} was not started` });
  if (action.kind === "wait") return await outcomeOfProcess(process, startedAt, context);
  const sent = await process.signal(action.signal);
  return outcomeOf(startedAt, context, sent ? {} : { exitCode: 1, stderr: `${action.step} has ended` });
}
