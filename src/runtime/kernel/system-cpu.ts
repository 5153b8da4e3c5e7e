import { readFileSync } from "node:fs";
import { totalmem } from "node:os";

/** The machine's CPU time in nanoseconds and its number of CPUs, as `docker stats` compares a container's with. */
export function systemCpu(): { readonly system_cpu_usage: number; readonly online_cpus: number } {
  const [total = "", ...rest] = readFileSync("/proc/stat", "utf8").split("\n");
  // proc(5): user, nice, system, idle, iowait, irq, softirq, in hundredths of a second.
  const ticks = total.trim().split(/\s+/).slice(1, 8).map(Number);
  return {
    system_cpu_usage: ticks.reduce((sum, value) => sum + value, 0) * 1e7,
    online_cpus: rest.filter((line) => /^cpu\d/.test(line)).length,
  };
}

/** A memory limit as `docker stats` shows it: what the machine has, when there is none. */
export function shownLimit(limit: number): number {
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
