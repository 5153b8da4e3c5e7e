import { expect, test } from "vitest";
import { checkLimits, checkUpdate } from "../../../../../src/runtime/engine/config/check-limits.ts";
import type { HostConfig } from "../../../../../src/docker/api/types.ts";

const M = 1024 * 1024;
const refusalOf = (host: HostConfig, isNew = true): string => {
  try {
    checkLimits(host, { isNew, cpus: 4 });
    return "fine";
  } catch (error) {
    return (error as Error).message;
  }
};

test("limits that nobody can have are refused in Docker's words", () => {
  expect([
    refusalOf({ Memory: M }),
    refusalOf({ Memory: 64 * M, MemorySwap: 32 * M }),
    refusalOf({ MemorySwap: 64 * M }),
    refusalOf({ MemorySwap: 64 * M }, false),
    refusalOf({ Memory: 64 * M, MemoryReservation: 65 * M }),
    refusalOf({ NanoCpus: 4.1e9 }),
    refusalOf({ NanoCpus: 1e9, CpuQuota: 5000 }),
    refusalOf({ CpuPeriod: 10 }),
    refusalOf({ CpuQuota: 10 }),
    refusalOf({ CpusetCpus: "0-3" }),
    refusalOf({ CpusetCpus: "0,4" }),
    refusalOf({ CpusetCpus: "x" }),
    refusalOf({ OomScoreAdj: -1001 }),
    refusalOf({ RestartPolicy: { Name: "always", MaximumRetryCount: 3 } }),
  ]).toMatchInlineSnapshot(`
    [
      "Minimum memory limit allowed is 6MB",
      "Minimum memoryswap limit should be larger than memory limit, see usage",
      "You should always set the Memory limit when using Memoryswap limit, see usage",
      "fine",
      "Minimum memory limit can not be less than memory reservation limit, see usage",
      "Range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available",
      "Conflicting options: Nano CPUs and CPU Quota cannot both be set",
      "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
      "CPU cfs quota can not be less than 1ms (i.e. 1000)",
      "fine",
      "Requested CPUs are not available - requested 0,4, available: 0-3",
      "Invalid value x for cpuset cpus: invalid format: x",
      "Invalid value -1001, range for oom score adj is [-1000, 1000]",
      "maximum retry count cannot be used with restart policy 'always'",
    ]
  `);
});

test("update refuses what contradicts what the container has", () => {
  expect(() => checkUpdate("abc", { NanoCpus: 1e9 }, { CpuQuota: 5000 })).toThrow(
    "Cannot update container abc: Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set",
  );
  expect(() => checkUpdate("abc", {}, { Memory: 64 * M })).toThrow("update the memoryswap at the same time");
  expect(() => checkUpdate("abc", { MemorySwap: -1 }, { Memory: 64 * M })).not.toThrow();
  expect(() => checkUpdate("abc", { MemorySwap: 128 * M }, { Memory: 64 * M })).not.toThrow();
});
