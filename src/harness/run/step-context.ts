import type { TargetRoot } from "../targets/target.ts";
import { StepProcess } from "./step-process.ts";

/** What a step needs to run. */
export interface StepContext {
  readonly root: TargetRoot;
  /** The scenario's and the step's variables, over the root's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Below the root's work directory, or absolute. */
  readonly cwd: string;
  /** `uid` or `uid:gid`; null: root. */
  readonly user: string | null;
  /** Milliseconds until the step, or the whole scenario, must be over. */
  readonly limitMs: number;
  /** Marks the processes of this step. */
  readonly marker: string;
  /** Aborted: the run ends, or the engine died. */
  readonly signal: AbortSignal;
}

/** Runs `argv` where the scenario's steps run, in the step's directory. */
export function startProcess(argv: readonly string[], stdin: string | Uint8Array | null, context: StepContext): StepProcess {
  const { root, cwd } = context;
  return new StepProcess({
    argv: root.enter(cwd === "." || cwd === "" ? argv : ["/bin/sh", "-c", 'cd "$0" && exec "$@"', cwd, ...argv]),
    env: { ...root.env, ...context.env },
    stdin,
    marker: context.marker,
    outputBytes: root.outputBytes,
    endSteps: root.endSteps,
  });
}
