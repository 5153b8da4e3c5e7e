/** What a root's steps and containers may use; for what nobody has reason to trust. All are whole numbers. */
export interface RootLimits {
  /** Bytes, of all its processes together, where cgroups can be had; of each by itself elsewhere. */
  readonly memory: number;
  /** Bytes of the engine itself, with what it writes to the root where that lies in memory. */
  readonly engineMemory: number;
  /** Processes and threads, of all together. */
  readonly processes: number;
  /** Seconds of CPU time, of each process. */
  readonly cpuSeconds: number;
  /** Bytes of a file that a step writes. */
  readonly fileBytes: number;
  /** Bytes of the whole root: work directory, containers, images. Kept in memory; needs real root. */
  readonly diskBytes: number;
  /** Files and folders of the whole root. */
  readonly diskFiles: number;
  /** Open files, of each process. */
  readonly openFiles: number;
}

/** A process outside needs some of its own: docker's command alone has a dozen threads. */
const THREADS_ASIDE = 64;

/** RLIMIT_* by number, soft and hard, as `enter.pl` reads them; the second line of defence where there are cgroups. */
export function stepRlimits(limits: RootLimits): string {
  const both = (number: number, value: number): string => `${number}:${value}:${value}`;
  return [
    `0:${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
    both(1, limits.fileBytes),
    // Of data, not of addresses: V8 reserves many gigabytes of those.
    both(2, limits.memory),
    both(4, 0),
    both(6, limits.processes + THREADS_ASIDE),
    both(7, limits.openFiles),
  ].join(",");
}

/** The mount options of the file system that holds the root. */
export function diskOptions(limits: RootLimits, owner: { readonly uid: number; readonly gid: number }): string {
  return `size=${limits.diskBytes},nr_inodes=${limits.diskFiles},mode=755,uid=${owner.uid},gid=${owner.gid}`;
}
