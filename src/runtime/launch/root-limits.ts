import type { RootLimits } from "../../base/root-limits.ts";

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
