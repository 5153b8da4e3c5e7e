import type { StepOutcome } from "../observe/observation.ts";
import type { StepContext } from "../step-context.ts";
import { type StepProcess, withinLimit } from "../step-process.ts";

/** What a step that runs no program came to; `problem` when it did not succeed. */
export function outcomeOf(startedAt: number, context: StepContext, more: Partial<StepOutcome> = {}): StepOutcome {
  return {
    exitCode: 0,
    stdout: "",
    stderr: "",
    timedOut: false,
    timeoutMs: context.limitMs,
    dialogue: null,
    durationMs: performance.now() - startedAt,
    ...more,
  };
}

/** Waits for a program's end, or the step's time limit. */
export async function outcomeOfProcess(process: StepProcess, startedAt: number, context: StepContext): Promise<StepOutcome> {
  const { exitCode, stdout, stderr, timedOut } = await withinLimit(process, context.limitMs, context.signal);
  return outcomeOf(startedAt, context, { exitCode: timedOut ? null : exitCode, stdout: stdout.text, stderr: stderr.text, timedOut });
}
