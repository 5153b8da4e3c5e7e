import type { HostConfig } from "../../docker/api/types.ts";
import type { Cgroups, ContainerCgroup } from "./cgroups.ts";

/** What is told of each limit that is asked for, as dockerd words it. */
const warnings: readonly (readonly [key: keyof HostConfig, warning: string])[] = [
  ["Memory", "Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded."],
  ["NanoCpus", "Your kernel does not support CPU cfs period/quota or the cgroup is not mounted. CPUs discarded."],
  ["CpuQuota", "Your kernel does not support CPU CFS quota or the cgroup is not mounted. CPU quota discarded."],
  ["CpuShares", "Your kernel does not support CPU shares or the cgroup is not mounted. Shares discarded."],
  ["PidsLimit", "Your kernel does not support PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded."],
];

const none: ContainerCgroup = {
  directories: [],
  canFreeze: false,
  freeze: () => Promise.reject(new Error("no cgroup to freeze")),
  thaw: () => Promise.reject(new Error("no cgroup to thaw")),
  update: async () => undefined,
  oomKills: async () => 0,
  stats: async () => ({}),
  remove: async () => undefined,
};

/** The cgroups of a host that lets us have none: containers run without limits, and are paused by signals. */
export const noCgroups: Cgroups = {
  version: null,
  unsupported: (limits) => warnings.filter(([key]) => Number(limits[key] ?? 0) > 0).map(([, warning]) => warning),
  create: async () => none,
};
