import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { ConflictError, InvalidArgumentError } from "../../../base/errors.ts";
import type { HostConfig } from "../../../docker/api/types.ts";

const SMALLEST_MEMORY = 6 * 1024 * 1024;

/**
 * Refuses limits and restart policies that nobody can have, for a new container (`isNew`) or by `docker update`.
 * `cpus` is how many this machine has.
 * @throws InvalidArgumentError with Docker's texts.
 */
export function checkLimits(
  host: HostConfig,
  { isNew, cpus = availableParallelism() }: { readonly isNew: boolean; readonly cpus?: number },
): void {
  checkRestartPolicy(host);
  const refusals: readonly (readonly [boolean, string])[] = [
    ...memoryRefusals(host, isNew),
    ...cpuRefusals(host, cpus),
    ...otherRefusals(host),
  ];
  const refusal = refusals.find(([refused]) => refused);
  if (refusal) throw new InvalidArgumentError(refusal[1]);
  const score = host.OomScoreAdj ?? 0;
  if (score < -1000 || score > 1000) throw new InvalidArgumentError(`Invalid value ${score}, range for oom score adj is [-1000, 1000]`);
}

function checkRestartPolicy({ RestartPolicy }: HostConfig): void {
  const policy = RestartPolicy?.Name ?? "";
  const retries = RestartPolicy?.MaximumRetryCount ?? 0;
  if (!["", "no", "always", "unless-stopped", "on-failure"].includes(policy)) {
    throw new InvalidArgumentError(`invalid restart policy '${policy}'`);
  }
  if (policy !== "on-failure" && retries !== 0) {
    throw new InvalidArgumentError(`maximum retry count cannot be used with restart policy '${policy}'`);
  }
  if (retries < 0) throw new InvalidArgumentError("maximum retry count cannot be negative");
}

function memoryRefusals(host: HostConfig, isNew: boolean): readonly (readonly [boolean, string])[] {
  const { Memory, MemorySwap, MemoryReservation } = host;
  const [memory, swap, reservation] = [Memory ?? 0, MemorySwap ?? 0, MemoryReservation ?? 0];
  return [
    [memory !== 0 && memory < SMALLEST_MEMORY, "Minimum memory limit allowed is 6MB"],
    [memory > 0 && swap > 0 && swap < memory, "Minimum memoryswap limit should be larger than memory limit, see usage"],
    [isNew && memory === 0 && swap > 0, "You should always set the Memory limit when using Memoryswap limit, see usage"],
    [reservation > 0 && reservation < SMALLEST_MEMORY, "Minimum memory reservation allowed is 6MB"],
    [memory > 0 && reservation > memory, "Minimum memory limit can not be less than memory reservation limit, see usage"],
  ];
}

function cpuRefusals(host: HostConfig, cpus: number): readonly (readonly [boolean, string])[] {
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0 } = host;
  return [
    [NanoCpus > 0 && CpuPeriod > 0, "Conflicting options: Nano CPUs and CPU Period cannot both be set"],
    [NanoCpus > 0 && CpuQuota > 0, "Conflicting options: Nano CPUs and CPU Quota cannot both be set"],
    [NanoCpus < 0 || NanoCpus > cpus * 1e9, `Range of CPUs is from 0.01 to ${cpus}.00, as there are only ${cpus} CPUs available`],
    [
      CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000),
      "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
    ],
    [CpuQuota > 0 && CpuQuota < 1000, "CPU cfs quota can not be less than 1ms (i.e. 1000)"],
    setRefusal(host.CpusetCpus, ["cpus", "CPUs"], cpus - 1),
    setRefusal(host.CpusetMems, ["mems", "memory nodes"], host.CpusetMems ? lastMemoryNode() : 0),
  ];
}

function setRefusal(set: string | undefined, [what, things]: readonly [string, string], last: number): readonly [boolean, string] {
  const text = set ?? "";
  const ranges = text === "" ? [] : text.split(",").map((part) => /^(\d+)(?:-(\d+))?$/.exec(part.trim()));
  if (ranges.includes(null)) return [true, `Invalid value ${text} for cpuset ${what}: invalid format: ${text}`];
  const isThere = ranges.every((range) => Number(range?.[2] ?? range?.[1]) <= last);
  return [!isThere, `Requested ${things} are not available - requested ${text}, available: ${last === 0 ? "0" : `0-${last}`}`];
}

/** The highest number of a memory node; 0 where the kernel does not tell. */
function lastMemoryNode(): number {
  try {
    return Number(/(\d+)\s*$/.exec(readFileSync("/sys/devices/system/node/online", "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function otherRefusals(host: HostConfig): readonly (readonly [boolean, string])[] {
  const swappiness = host.MemorySwappiness ?? -1;
  return [
    [Boolean(host["CpuRealtimePeriod"]) || Boolean(host["CpuRealtimeRuntime"]), "kernel does not support CPU real-time scheduler"],
    [swappiness < -1 || swappiness > 100, `Invalid value: ${swappiness}, valid memory swappiness range is 0-100`],
  ];
}

/** Refuses what `docker update` may not change of a container that has `current`. @throws ConflictError with Docker's texts. */
export function checkUpdate(id: string, current: HostConfig, update: HostConfig): void {
  const both = (a: unknown, b: unknown): boolean => Number(a ?? 0) > 0 && Number(b ?? 0) > 0;
  const refusals: readonly (readonly [boolean, string])[] = [
    [both(update.NanoCpus, current.CpuPeriod), "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set"],
    [both(update.NanoCpus, current.CpuQuota), "Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set"],
    [both(update.CpuPeriod, current.NanoCpus), "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set"],
    [both(update.CpuQuota, current.NanoCpus), "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set"],
    [
      (update.Memory ?? 0) > 0 && !update.MemorySwap && (current.MemorySwap ?? 0) >= 0 && (update.Memory ?? 0) > (current.MemorySwap ?? 0),
      "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time",
    ],
  ];
  const refusal = refusals.find(([refused]) => refused);
  if (refusal) throw new ConflictError(`Cannot update container ${id}: ${refusal[1]}`);
}
