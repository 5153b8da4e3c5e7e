import { readdir, readlink } from "node:fs/promises";

/** The processes, in the engine's numbering, of the pid namespace whose process 1 is `init`; ascending. */
export async function processesOf(init: number): Promise<readonly number[]> {
  const namespaceOf = (pid: number): Promise<string | null> => readlink(`/proc/${pid}/ns/pid`).catch(() => null);
  const wanted = await namespaceOf(init);
  if (wanted === null) return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await namespaceOf(pid)) === wanted ? pid : null)));
  return found.filter((pid) => pid !== null).toSorted((a, b) => a - b);
}
