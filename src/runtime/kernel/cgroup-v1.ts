import { setTimeout } from "node:timers/promises";
import { InternalError } from "../../base/errors.ts";
import type { HostConfig } from "../../docker/api/types.ts";
import { blockLimits, deviceWeights, limitsBlockIo } from "./block-io.ts";
import { CgroupFolder } from "./cgroup-folder.ts";
import type { Cgroups, ContainerCgroup } from "./cgroups.ts";
import { cpuQuota, type LimitSupport, limitWarnings, memoryAndSwap } from "./limit-warnings.ts";
import { shownLimit, systemCpu } from "./system-cpu.ts";

/** What version 1 has a hierarchy for each of, and every container a folder in; in those of `OnDemand` one that asks for their limits has. */
const EVERYBODYS = ["memory", "cpu", "cpuacct", "pids", "freezer"] as const;
type OnDemand = "cpuset" | "blkio";
type Controller = (typeof EVERYBODYS)[number] | OnDemand;
type Folders = ReadonlyMap<string, CgroupFolder>;

/** Version 1: a root has a folder in each controller's own hierarchy. */
export class CgroupsV1 implements Cgroups {
  readonly version = 1;
  readonly #folders: Folders;
  readonly #has: LimitSupport;

  constructor(folders: Folders) {
    this.#folders = folders;
    const has = (controller: Controller, file: string): boolean => folders.get(controller)?.has(file) === true;
    this.#has = {
      memory: has("memory", "memory.limit_in_bytes"),
      swap: has("memory", "memory.memsw.limit_in_bytes"),
      softMemory: has("memory", "memory.soft_limit_in_bytes"),
      oomKillDisable: has("memory", "memory.oom_control"),
      pids: folders.has("pids"),
      cpuShares: has("cpu", "cpu.shares"),
      cpuQuota: has("cpu", "cpu.cfs_quota_us"),
      cpuset: has("cpuset", "cpuset.cpus"),
      swappiness: has("memory", "memory.swappiness"),
      // As dockerd: those of the BFQ scheduler alone (blkio.bfq.weight) count as none.
      blockWeight: has("blkio", "blkio.weight"),
      blockDeviceWeight: has("blkio", "blkio.weight_device"),
      blockThrottle: has("blkio", "blkio.throttle.read_bps_device"),
    };
  }

  unsupported(limits: HostConfig): readonly string[] {
    return limitWarnings(limits, this.#has);
  }

  async create(containerId: string, limits: HostConfig): Promise<ContainerCgroup> {
    const wanted: readonly string[] = [...EVERYBODYS, ...onDemand(limits, this.#has)];
    const folders = new Map(
      [...this.#folders]
        .filter(([name]) => wanted.includes(name))
        .map(([name, folder]): [string, CgroupFolder] => [name, folder.child(containerId)]),
    );
    const cpuset = folders.get("cpuset");
    // A new group has none of either, and takes no process before it has both.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) cpuset?.write(file, this.#folders.get("cpuset")?.read(file) ?? "");
    const cgroup = new CgroupV1(folders, this.#has);
    try {
      await cgroup.update(limits);
      return cgroup;
    } catch (error) {
      await cgroup.remove();
      throw error;
    }
  }
}

function onDemand(limits: HostConfig, has: LimitSupport): readonly OnDemand[] {
  const [cpuset, blkio] = [limits.CpusetCpus || limits.CpusetMems, limitsBlockIo(limits)];
  return [...(cpuset && has.cpuset ? ["cpuset" as const] : []), ...(blkio && has.blockThrottle ? ["blkio" as const] : [])];
}

class CgroupV1 implements ContainerCgroup {
  readonly #folders: Folders;
  readonly #has: LimitSupport;

  constructor(folders: Folders, has: LimitSupport) {
    this.#folders = folders;
    this.#has = has;
  }

  get directories(): readonly string[] {
    return [...this.#folders.values()].map(({ path }) => path);
  }

  get canFreeze(): boolean {
    return this.#folders.has("freezer");
  }

  async freeze(): Promise<void> {
    const freezer = this.#folder("freezer");
    for (let tries = 0; tries < 1000; tries++) {
      // A process that forks meanwhile can keep the group at FREEZING; a thaw in between lets the kernel begin anew, as runc does.
      if (tries % 25 === 24) freezer?.write("freezer.state", "THAWED");
      freezer?.write("freezer.state", "FROZEN");
      if (freezer?.read("freezer.state") === "FROZEN") return;
      await setTimeout(1);
    }
    freezer?.write("freezer.state", "THAWED");
    throw new InternalError("unable to freeze");
  }

  async thaw(): Promise<void> {
    this.#folder("freezer")?.write("freezer.state", "THAWED");
  }

  async update(limits: HostConfig): Promise<void> {
    const [memory, cpu, pids] = [this.#folder("memory"), this.#folder("cpu"), this.#folder("pids")];
    if (memory !== undefined && this.#has.memory) this.#limitMemory(memory, limits);
    if (memory !== undefined && limits.OomKillDisable && this.#has.oomKillDisable) memory.write("memory.oom_control", 1);
    if (limits.CpuShares && this.#has.cpuShares) cpu?.write("cpu.shares", limits.CpuShares);
    const quota = cpuQuota(limits);
    if (quota !== null && this.#has.cpuQuota) {
      cpu?.write("cpu.cfs_period_us", quota.period);
      cpu?.write("cpu.cfs_quota_us", quota.quota);
    }
    this.#limitDevices(limits);
    this.#choose("cpuset.cpus", limits.CpusetCpus);
    this.#choose("cpuset.mems", limits.CpusetMems);
    const swappiness = limits.MemorySwappiness ?? -1;
    if (swappiness !== -1 && this.#has.swappiness) memory?.write("memory.swappiness", swappiness);
    if (limits.PidsLimit) pids?.write("pids.max", limits.PidsLimit > 0 ? limits.PidsLimit : "max");
  }

  async oomKills(): Promise<number> {
    return this.#folder("memory")?.table("memory.oom_control")["oom_kill"] ?? 0;
  }

  async stats(): Promise<Readonly<Record<string, unknown>>> {
    const [memory, cpu, cpuacct, pids] = [this.#folder("memory"), this.#folder("cpu"), this.#folder("cpuacct"), this.#folder("pids")];
    const { user = 0, system = 0 } = cpuacct?.table("cpuacct.stat") ?? {};
    const throttling = cpu?.table("cpu.stat") ?? {};
    return {
      cpu_stats: {
        cpu_usage: {
          total_usage: cpuacct?.number("cpuacct.usage") ?? 0,
          percpu_usage: (cpuacct?.read("cpuacct.usage_percpu") ?? "").split(" ").filter(Boolean).map(Number),
          usage_in_kernelmode: system * 1e7,
          usage_in_usermode: user * 1e7,
        },
        ...systemCpu(),
        throttling_data: {
          periods: throttling["nr_periods"] ?? 0,
          throttled_periods: throttling["nr_throttled"] ?? 0,
          throttled_time: throttling["throttled_time"] ?? 0,
        },
      },
      memory_stats:
        memory === undefined
          ? {}
          : {
              usage: memory.number("memory.usage_in_bytes"),
              max_usage: memory.number("memory.max_usage_in_bytes"),
              failcnt: memory.number("memory.failcnt"),
              stats: memory.table("memory.stat"),
              limit: shownLimit(memory.number("memory.limit_in_bytes")),
            },
      pids_stats: pids === undefined ? {} : { current: pids.number("pids.current"), ...limitOf(pids.number("pids.max")) },
      blkio_stats: { io_service_bytes_recursive: [], io_serviced_recursive: [] },
    };
  }

  async remove(): Promise<void> {
    await Promise.all([...this.#folders.values()].map((folder) => folder.remove()));
  }

  #limitMemory(memory: CgroupFolder, limits: HostConfig): void {
    const together = memoryAndSwap(limits);
    if (limits.Memory && together !== null) {
      const writes = [
        () => memory.write("memory.limit_in_bytes", limits.Memory ?? 0),
        ...(this.#has.swap ? [() => memory.write("memory.memsw.limit_in_bytes", together)] : []),
      ];
      // Memory may never exceed memory and swap together: going up the second goes first.
      const current = memory.number("memory.memsw.limit_in_bytes");
      if (this.#has.swap && limits.Memory > current) writes.reverse();
      for (const write of writes) write();
    }
    if (limits.MemoryReservation && this.#has.softMemory) memory.write("memory.soft_limit_in_bytes", limits.MemoryReservation);
  }

  #choose(file: "cpuset.cpus" | "cpuset.mems", wanted: string | undefined): void {
    if (!wanted || !this.#has.cpuset) return;
    const cpuset = this.#folder("cpuset");
    // Processes of other users cannot be moved by an engine that is not the host's root.
    if (cpuset === undefined) throw new InternalError("a container that was started without a cpuset gets one when it is started again");
    cpuset.write(file, wanted);
  }

  #limitDevices(limits: HostConfig): void {
    const blkio = this.#folder("blkio");
    if (blkio === undefined || !limitsBlockIo(limits)) return;
    if (limits.BlkioWeight && this.#has.blockWeight) blkio.write("blkio.weight", limits.BlkioWeight);
    for (const { device, value } of this.#has.blockDeviceWeight ? deviceWeights(limits) : []) {
      blkio.write("blkio.weight_device", `${device} ${value}`);
    }
    for (const [file, rates] of Object.entries(blockLimits(limits))) {
      for (const { device, value } of rates) blkio.write(file, `${device} ${value}`);
    }
  }

  #folder(controller: Controller): CgroupFolder | undefined {
    return this.#folders.get(controller);
  }
}

function limitOf(limit: number): { readonly limit?: number } {
  return limit > 0 ? { limit } : {};
}
