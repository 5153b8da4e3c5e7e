import type { HostConfig } from "../../docker/api/types.ts";

/** Which limits the host can give. */
export interface LimitSupport {
  readonly memory: boolean;
  readonly swap: boolean;
  readonly softMemory: boolean;
  readonly oomKillDisable: boolean;
  readonly pids: boolean;
  readonly cpuShares: boolean;
  readonly cpuQuota: boolean;
  readonly cpuset: boolean;
  readonly swappiness: boolean;
  readonly blockWeight: boolean;
  readonly blockDeviceWeight: boolean;
  readonly blockThrottle: boolean;
}

/** The fields of block devices' rates, and what Docker calls each in its warning. */
const THROTTLES = {
  BlkioDeviceReadBps: "BPS Block I/O read limit or the cgroup is not mounted. Block I/O BPS read limit",
  BlkioDeviceWriteBps: "BPS Block I/O write limit or the cgroup is not mounted. Block I/O BPS write limit",
  BlkioDeviceReadIOps: "IOPS Block read limit or the cgroup is not mounted. Block I/O IOPS read limit",
  BlkioDeviceWriteIOps: "IOPS Block write limit or the cgroup is not mounted. Block I/O IOPS write limit",
} as const;

/** Docker's warnings for the limits that will not be. */
export function limitWarnings(limits: HostConfig, has: LimitSupport): readonly string[] {
  const warnings: string[] = [];
  const warn = (wanted: unknown, supported: boolean, text: string): void => {
    if (Boolean(wanted) && !supported) warnings.push(text);
  };
  const memory = limits.Memory ?? 0;
  warn(memory, has.memory, "Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.");
  warn(
    memory && has.memory && limits.MemorySwap !== -1,
    has.swap,
    "Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.",
  );
  warn(
    limits.MemoryReservation,
    has.softMemory,
    "Your kernel does not support memory soft limit capabilities or the cgroup is not mounted. Limitation discarded.",
  );
  warn(limits.OomKillDisable, has.oomKillDisable, "Your kernel does not support OomKillDisable. OomKillDisable discarded.");
  if (limits.OomKillDisable && has.oomKillDisable && memory === 0) {
    warnings.push(
      "OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.",
    );
  }
  warn(
    (limits.PidsLimit ?? 0) > 0,
    has.pids,
    "Your kernel does not support PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.",
  );
  warn(limits.CpuShares, has.cpuShares, "Your kernel does not support CPU shares or the cgroup is not mounted. Shares discarded.");
  // Docker refuses `--cpus` on such a host; here the container runs without, like with any other limit.
  warn(
    limits.CpuPeriod || limits.CpuQuota || limits.NanoCpus,
    has.cpuQuota,
    "Your kernel does not support CPU CFS scheduler. CPU period/quota discarded.",
  );
  warn(
    limits.CpusetCpus || limits.CpusetMems,
    has.cpuset,
    "Your kernel does not support cpuset or the cgroup is not mounted. Cpuset discarded.",
  );
  const isSwappinessSaid = (limits.MemorySwappiness ?? -1) !== -1;
  warn(
    isSwappinessSaid,
    has.swappiness,
    "Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.",
  );
  warn(
    limits.BlkioWeight,
    has.blockWeight,
    "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.",
  );
  warn(
    ((limits["BlkioWeightDevice"] ?? []) as readonly unknown[]).length,
    has.blockDeviceWeight,
    "Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.",
  );
  for (const [field, what] of Object.entries(THROTTLES)) {
    warn(((limits[field] ?? []) as readonly unknown[]).length, has.blockThrottle, `Your kernel does not support ${what} discarded.`);
  }
  return warnings;
}

/** CPU time a period, in microseconds; null when it is not limited. `--cpus` and `--cpu-quota` say the same in two ways. */
export function cpuQuota(limits: HostConfig): { readonly quota: number; readonly period: number } | null {
  const period = limits.CpuPeriod || 100_000;
  if (limits.NanoCpus) return { quota: Math.round((limits.NanoCpus / 1e9) * 100_000), period: 100_000 };
  if (!limits.CpuQuota && !limits.CpuPeriod) return null;
  return { quota: limits.CpuQuota || -1, period };
}

/** Memory and swap together, in bytes, -1 for no limit; Docker's default is twice the memory. Null when memory is not limited. */
export function memoryAndSwap(limits: HostConfig): number | null {
  if (!limits.Memory) return null;
  return limits.MemorySwap || limits.Memory * 2;
}
