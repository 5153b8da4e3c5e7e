import type { RootLimits } from "../../base/root-limits.ts";

/** What a submission's steps and containers may use, in one root. */
export interface SubmissionLimits extends RootLimits {
  /** Bytes that a step may print. */
  readonly outputBytes: number;
  /** True: containers may have the engine's socket bound, by which they may do whatever the steps may. */
  readonly engineSocket: boolean;
}

const MiB = 1024 * 1024;

/** Enough for an exercise with images made of busybox. */
export const defaultLimits: SubmissionLimits = {
  memory: 1024 * MiB,
  engineMemory: 1280 * MiB,
  processes: 512,
  cpuSeconds: 120,
  fileBytes: 256 * MiB,
  diskBytes: 512 * MiB,
  diskFiles: 60_000,
  openFiles: 1024,
  outputBytes: 16 * MiB,
  engineSocket: false,
};
