/** What a submission's steps and containers may use, in one root. Whole numbers. */
export interface RootLimits {
  /** Bytes of memory, of all processes together where the host has cgroups for us, of each elsewhere. */
  readonly memory: number;
  /** Bytes of the engine itself, with what it writes to the root, which lies in memory. */
  readonly engineMemory: number;
  /** Processes and threads, of all together. */
  readonly processes: number;
  /** Seconds of CPU time, of each process. */
  readonly cpuSeconds: number;
  /** Bytes of one file that a step writes. */
  readonly fileBytes: number;
  /** Bytes of everything in the root: work directory, containers, images. They lie in memory; needs real root. */
  readonly diskBytes: number;
  /** Files and folders of everything in the root. */
  readonly diskFiles: number;
  /** Open files, of each process. */
  readonly openFiles: number;
  /** Bytes that a step may print. */
  readonly outputBytes: number;
  /** True: containers may have the engine's socket bound, by which they may do whatever the steps may. */
  readonly engineSocket: boolean;
}

const MiB = 1024 * 1024;

/** Enough for an exercise with images made of busybox. */
export const defaultLimits: RootLimits = {
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
