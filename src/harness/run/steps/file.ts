import { messageOf } from "../../../base/errors.ts";
import type { StepAction } from "../../plan/plan.ts";
import type { StepOutcome } from "../observe/observation.ts";
import { startProcess, type StepContext } from "../step-context.ts";
import { withinLimit } from "../step-process.ts";

/**
 * Writes a file of the work directory. It is written where steps run and with their rights, not by us: a link that a
 * submission laid there leads nowhere that the submission could not write itself.
 */
export async function writeStepFile(action: Extract<StepAction, { kind: "write" }>, context: StepContext): Promise<StepOutcome> {
  const startedAt = performance.now();
  const script = 'mkdir -p -- "$(dirname -- "$0")" && cat > "$0" && chmod "$1" "$0"';
  const mode = action.mode.toString(8).padStart(4, "0");
  const process = startProcess(["/bin/sh", "-c", script, action.path, mode], action.content, context);
  const { exitCode, stdout, stderr, timedOut } = await withinLimit(process, context.limitMs, context.signal).catch((error: unknown) => {
    context.signal.throwIfAborted();
    throw new Error(`cannot write ${action.path}: ${messageOf(error)}`, { cause: error });
  });
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
