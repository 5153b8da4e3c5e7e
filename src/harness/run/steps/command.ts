import type { StepAction } from "../../plan/plan.ts";
import { TargetError } from "../../targets/target.ts";
import type { StepOutcome } from "../observe/observation.ts";
import { startProcess, type StepContext } from "../step-context.ts";
import type { StepProcess } from "../step-process.ts";
import { outcomeOf, outcomeOfProcess } from "./outcome.ts";

type Command = Extract<StepAction, { kind: "command" }>;

/** Runs a shell command to its end, or to its time limit. */
export async function runCommand(action: Command, context: StepContext): Promise<StepOutcome> {
  const startedAt = performance.now();
  const outcome = await outcomeOfProcess(startProcess(shell(action.command, context), action.stdin, context), startedAt, context);
  // It is the host that has no such user to give, not the command that failed: shown by one that does nothing, for a submission can print the same.
  if (context.user !== null && /^setpriv: (?:set|initgroups)/.test(outcome.stderr)) {
    const nothing = await outcomeOfProcess(startProcess(shell("exit 0", context), "", context), startedAt, { ...context, limitMs: 10_000 });
    if (nothing.exitCode !== 0) throw new TargetError(`cannot run as user ${context.user}: ${nothing.stderr.trim()}`);
  }
  return outcome;
}

/** Starts a shell command that goes on beside the next steps. */
export function startBackground(action: Command, context: StepContext): { outcome: StepOutcome; process: StepProcess } {
  const process = startProcess(shell(action.command, context), action.stdin, context);
  return { outcome: outcomeOf(performance.now(), context, { exitCode: null }), process };
}

/** The words that have `sh` run `command`, as the step's user. */
export function shell(command: string, { user }: StepContext): readonly string[] {
  const words = ["/bin/sh", "-c", command];
  if (user === null) return words;
  const [uid = "", gid = uid] = user.split(":");
  return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--", ...words];
}
