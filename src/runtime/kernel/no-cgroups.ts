import type { Cgroups, ContainerCgroup } from "./cgroups.ts";
import { limitWarnings } from "./limit-warnings.ts";

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

const nothing = {
  memory: false,
  swap: false,
  softMemory: false,
  oomKillDisable: false,
  pids: false,
  cpuShares: false,
  cpuQuota: false,
  cpuset: false,
  swappiness: false,
  blockWeight: false,
  blockDeviceWeight: false,
  blockThrottle: false,
} as const;

/** The cgroups of a host that lets us have none: containers run without limits, and are paused by signals. */
export const noCgroups: Cgroups = {
  version: null,
  unsupported: (limits) => limitWarnings(limits, nothing),
  create: async () => none,
};
