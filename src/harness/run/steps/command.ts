import type { StepAction } from "../../plan/plan.ts";
import type { StepOutcome } from "../observe/observation.ts";
import { startProcess, type StepContext } from "../step-context.ts";
import { withinLimit } from "../step-process.ts";

type Command = Extract<StepAction, { kind: "command" }>;

/** Runs a shell command to its end, or to its time limit. */
export async function runCommand(action: Command, context: StepContext): Promise<StepOutcome> {
  const startedAt = performance.now();
  const process = startProcess(["/bin/sh", "-c", action.command], action.stdin, context);
  const { exitCode, stdout, stderr, timedOut } = await withinLimit(process, context.limitMs, context.signal);
  return {
    exitCode: timedOut ? null : exitCode,
    stdout: stdout.text,
    stderr: stderr.text,
    timedOut,
    timeoutMs: context.limitMs,
    dialogue: null,
    durationMs: performance.now() - startedAt,
  };
}

/** Starts a shell command that goes on beside the next steps; `stop` ends it. */
export function startBackground(action: Command, context: StepContext): { outcome: StepOutcome; stop: () => Promise<void> } {
  const process = startProcess(["/bin/sh", "-c", action.command], action.stdin, context);
  return {
    outcome: {
      exitCode: null,
      stdout: "",
      stderr: "",
      timedOut: false,
      timeoutMs: context.limitMs,
      dialogue: null,
      durationMs: 0,
    },
    stop: () => process.kill(),
  };
}
