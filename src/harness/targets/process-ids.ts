import { readdirSync, readFileSync } from "node:fs";

/**
 * All processes that this one sees, but it and the kernel's own threads: these are most of what /proc lists on an idle host, and have neither command line
 * nor environment. Each is a child of `kthreadd`, number 2 on a host; in a pid namespace there are none.
 */
export function processIds(): readonly string[] {
  const own = new Set([String(process.pid), ...kernelThreads()]);
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && !own.has(name));
}

function kernelThreads(): readonly string[] {
  try {
    // proc_pid_comm(5), proc_tid_children(5): the latter is there if the kernel was built so.
    if (readFileSync("/proc/2/comm", "utf8") !== "kthreadd\n" || readFileSync("/proc/2/cmdline", "latin1") !== "") return [];
    return readFileSync("/proc/2/task/2/children", "latin1").split(" ");
  } catch {
    return [];
  }
}
