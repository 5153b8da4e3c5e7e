import { StatusError } from "../cli-errors.ts";
import { containerFlags } from "../container-request/container-flags.ts";
import { bool, int, string, strings, type FlagValues } from "../flags/flags.ts";

/** What holds for the containers that RUN makes. */
export const buildLimitFlags = {
  "cgroup-parent": string('Set the parent cgroup for the "RUN" instructions during build'),
  "cpu-period": int("Limit the CPU CFS (Completely Fair Scheduler) period"),
  "cpu-quota": int("Limit the CPU CFS (Completely Fair Scheduler) quota"),
  "cpu-shares": int("CPU shares (relative weight)", { short: "c" }),
  "cpuset-cpus": string("CPUs in which to allow execution (0-3, 0,1)"),
  "cpuset-mems": string("MEMs in which to allow execution (0-3, 0,1)"),
  isolation: string("Container isolation technology"),
  memory: containerFlags.memory,
  "memory-swap": { ...containerFlags["memory-swap"], usage: "Swap limit equal to memory plus swap: -1 to enable unlimited swap" },
  "security-opt": strings("Security options"),
  "shm-size": containerFlags["shm-size"],
  squash: bool("Squash newly built layers into a single new layer", { hidden: true }),
} as const;

/** The same in the query of `POST /build`. @throws StatusError for what wants a daemon with experiments. */
export function limitsQuery(flags: FlagValues<typeof buildLimitFlags>): Readonly<Record<string, string | number | readonly string[]>> {
  if (flags.squash) throw new StatusError('"--squash" is only supported on a Docker daemon with experimental features enabled');
  return {
    cgroupparent: flags["cgroup-parent"],
    cpuperiod: flags["cpu-period"],
    cpuquota: flags["cpu-quota"],
    cpushares: flags["cpu-shares"],
    cpusetcpus: flags["cpuset-cpus"],
    cpusetmems: flags["cpuset-mems"],
    isolation: flags.isolation,
    memory: flags.memory ?? 0,
    memswap: flags["memory-swap"] ?? 0,
    securityopt: flags["security-opt"],
    shmsize: flags["shm-size"] ?? 0,
  };
}
