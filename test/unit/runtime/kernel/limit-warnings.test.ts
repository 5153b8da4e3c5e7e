import { expect, test } from "vitest";
import { cpuQuota, memoryAndSwap } from "../../../../src/runtime/kernel/limit-warnings.ts";
import { openCgroups } from "../../../../src/runtime/kernel/open-cgroups.ts";

test("a host without cgroups warns of each limit in Docker's words", () => {
  const cgroups = openCgroups("");
  expect(cgroups.version).toBeNull();
  expect(cgroups.unsupported({})).toEqual([]);
  expect(cgroups.unsupported({ Memory: 64e6, NanoCpus: 5e8, PidsLimit: 20, PortBindings: {} })).toEqual([
    "Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.",
    "Your kernel does not support PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.",
    "Your kernel does not support CPU CFS scheduler. CPU period/quota discarded.",
  ]);
});

test("--cpus and --cpu-quota say the same", () => {
  expect(cpuQuota({ NanoCpus: 1.5e9 })).toEqual({ quota: 150_000, period: 100_000 });
  expect(cpuQuota({ CpuQuota: 150_000 })).toEqual({ quota: 150_000, period: 100_000 });
  expect(cpuQuota({})).toBeNull();
});

test("swap is as much again as memory unless said otherwise", () => {
  expect(memoryAndSwap({ Memory: 64 })).toBe(128);
  expect(memoryAndSwap({ Memory: 64, MemorySwap: -1 })).toBe(-1);
  expect(memoryAndSwap({ MemorySwap: 100 })).toBeNull();
});
