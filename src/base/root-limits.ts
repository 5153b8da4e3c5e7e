/** What a root's steps and containers may use; for what nobody has reason to trust. All are whole numbers. */
export interface RootLimits {
  /** Bytes of memory, of all its processes together where the host has cgroups for us, of each by itself elsewhere. */
  readonly memory: number;
  /** Bytes of the engine itself, with what it writes to the root where that lies in memory. */
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
}
