import type { HostConfig } from "../../docker/api/types.ts";

/** A container's cgroup: limits, freezer and counters, where the host lets us have them. */
export interface ContainerCgroup {
  /** Directories to put process 1 into, for the runtime spec; empty when the host gives none. */
  readonly directories: readonly string[];
  /** False: the caller pauses by signals instead. */
  readonly canFreeze: boolean;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  update(limits: HostConfig): Promise<void>;
  /** How often the kernel killed for want of memory. */
  oomKills(): Promise<number>;
  /** Numbers for `docker stats`, in the API's shape (`memory_stats`, `cpu_stats`, `pids_stats`, `blkio_stats`). */
  stats(): Promise<Readonly<Record<string, unknown>>>;
  remove(): Promise<void>;
}

/** The cgroups of one root. */
export interface Cgroups {
  readonly version: 1 | 2 | null;
  /** Limits the host cannot give, worded as Docker warns of them; the container is made without. */
  unsupported(limits: HostConfig): readonly string[];
  create(containerId: string, limits: HostConfig): Promise<ContainerCgroup>;
}
