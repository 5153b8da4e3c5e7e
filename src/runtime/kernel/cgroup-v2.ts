import { setTimeout } from "node:timers/promises";
import { InternalError } from "../../base/errors.ts";
import type { HostConfig } from "../../docker/api/types.ts";
import { blockLimits, deviceWeights, limitsBlockIo, type ThrottleFile, throttleKeys } from "./block-io.ts";
import type { CgroupFolder } from "./cgroup-folder.ts";
import type { Cgroups, ContainerCgroup } from "./cgroups.ts";
import { cpuQuota, type LimitSupport, limitWarnings, memoryAndSwap } from "./limit-warnings.ts";
import { shownLimit, systemCpu } from "./system-cpu.ts";

/** Version 2: a root has one folder, whose children have the controllers that its `cgroup.subtree_control` names. */
export class CgroupsV2 implements Cgroups {
  readonly version = 2;
  readonly #folder: CgroupFolder;
  readonly #has: LimitSupport;

  constructor(folder: CgroupFolder) {
    this.#folder = folder;
    const controllers = (folder.read("cgroup.subtree_control") ?? "").split(" ");
    const memory = controllers.includes("memory");
    const cpu = controllers.includes("cpu");
    this.#has = {
      memory,
      swap: memory && folder.has("memory.swap.max"),
      softMemory: memory,
      oomKillDisable: false,
      pids: controllers.includes("pids"),
      cpuShares: cpu,
      cpuQuota: cpu,
      cpuset: controllers.includes("cpuset"),
      swappiness: false,
      blockWeight: controllers.includes("io"),
      blockDeviceWeight: controllers.includes("io"),
      blockThrottle: controllers.includes("io"),
    };
  }

  unsupported(limits: HostConfig): readonly string[] {
    return limitWarnings(limits, this.#has);
  }

  async create(containerId: string, limits: HostConfig): Promise<ContainerCgroup> {
    const cgroup = new CgroupV2(this.#folder.child(containerId), this.#has);
    try {
      await cgroup.update(limits);
      return cgroup;
    } catch (error) {
      await cgroup.remove();
      throw error;
    }
  }
}

class CgroupV2 implements ContainerCgroup {
  readonly #folder: CgroupFolder;
  readonly #has: LimitSupport;

  constructor(folder: CgroupFolder, has: LimitSupport) {
    this.#folder = folder;
    this.#has = has;
  }

  get directories(): readonly string[] {
    return [this.#folder.path];
  }

  get canFreeze(): boolean {
    return this.#folder.has("cgroup.freeze");
  }

  async freeze(): Promise<void> {
    this.#folder.write("cgroup.freeze", 1);
    for (let tries = 0; tries < 1000; tries++) {
      if (this.#folder.table("cgroup.events")["frozen"] === 1) return;
      await setTimeout(1);
    }
    await this.thaw();
    throw new InternalError("unable to freeze");
  }

  async thaw(): Promise<void> {
    this.#folder.write("cgroup.freeze", 0);
  }

  async update(limits: HostConfig): Promise<void> {
    const folder = this.#folder;
    const together = memoryAndSwap(limits);
    if (limits.Memory && together !== null && this.#has.memory) {
      folder.write("memory.max", limits.Memory);
      // Version 2 limits swap by itself, Docker memory and swap together.
      if (this.#has.swap) folder.write("memory.swap.max", together === -1 ? "max" : Math.max(0, together - limits.Memory));
    }
    if (limits.MemoryReservation && this.#has.softMemory) folder.write("memory.low", limits.MemoryReservation);
    if (limits.CpuShares && this.#has.cpuShares) folder.write("cpu.weight", weightOf(limits.CpuShares));
    const quota = cpuQuota(limits);
    if (quota !== null && this.#has.cpuQuota) folder.write("cpu.max", `${quota.quota > 0 ? quota.quota : "max"} ${quota.period}`);
    if (limits.CpusetCpus && this.#has.cpuset) folder.write("cpuset.cpus", limits.CpusetCpus);
    if (limits.CpusetMems && this.#has.cpuset) folder.write("cpuset.mems", limits.CpusetMems);
    if (limitsBlockIo(limits) && this.#has.blockThrottle) this.#limitDevices(limits);
    if (limits.PidsLimit && this.#has.pids) folder.write("pids.max", limits.PidsLimit > 0 ? limits.PidsLimit : "max");
  }

  #limitDevices(limits: HostConfig): void {
    const weights = [
      ...(limits.BlkioWeight ? [`default ${ioWeightOf(limits.BlkioWeight)}`] : []),
      ...deviceWeights(limits).map(({ device, value }) => `${device} ${ioWeightOf(value)}`),
    ];
    for (const weight of weights) this.#folder.write("io.weight", weight);
    for (const [file, rates] of Object.entries(blockLimits(limits))) {
      for (const { device, value } of rates) this.#folder.write("io.max", `${device} ${throttleKeys[file as ThrottleFile]}=${value}`);
    }
  }

  async oomKills(): Promise<number> {
    return this.#folder.table("memory.events")["oom_kill"] ?? 0;
  }

  async stats(): Promise<Readonly<Record<string, unknown>>> {
    const folder = this.#folder;
    const cpu = folder.table("cpu.stat");
    const micro = (name: string): number => (cpu[name] ?? 0) * 1000;
    const pidsLimit = folder.number("pids.max");
    return {
      cpu_stats: {
        cpu_usage: {
          total_usage: micro("usage_usec"),
          usage_in_kernelmode: micro("system_usec"),
          usage_in_usermode: micro("user_usec"),
        },
        ...systemCpu(),
        throttling_data: {
          periods: cpu["nr_periods"] ?? 0,
          throttled_periods: cpu["nr_throttled"] ?? 0,
          throttled_time: micro("throttled_usec"),
        },
      },
      memory_stats: this.#has.memory
        ? { usage: folder.number("memory.current"), stats: folder.table("memory.stat"), limit: shownLimit(folder.number("memory.max")) }
        : {},
      pids_stats: this.#has.pids ? { current: folder.number("pids.current"), ...(pidsLimit > 0 ? { limit: pidsLimit } : {}) } : {},
      blkio_stats: { io_service_bytes_recursive: [], io_serviced_recursive: [] },
    };
  }

  async remove(): Promise<void> {
    await this.#folder.remove();
  }
}

/** Version 1's shares (2…262144) on version 2's scale (1…10000), by runc's formula. */
function weightOf(shares: number): number {
  return Math.floor(1 + ((Math.min(Math.max(shares, 2), 262144) - 2) * 9999) / 262142);
}

/** Version 1's weight (10…1000) on version 2's scale (1…10000), by runc's formula. */
function ioWeightOf(weight: number): number {
  return Math.floor(1 + ((weight - 10) * 9999) / 990);
}
