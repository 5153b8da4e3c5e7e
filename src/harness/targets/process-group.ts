import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { processesWith, readProc } from "./leftovers.ts";
import { processIds } from "./process-ids.ts";

/** The variable in every step's environment by which its processes are found again, also those that left its process group. */
export const STEP_MARKER = "SLIPWAY_STEP";

/** How long a step may tidy up between SIGTERM and SIGKILL. */
export const TERM_GRACE_MS = 2_000;

/** Sends `signal` to the process group `pid`; false when nobody is left in it. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** The live processes of a process group, as this namespace numbers them. */
export async function membersOf(group: number): Promise<readonly number[]> {
  const found = await Promise.all(
    (await readdir("/proc")).map(async (name) => {
      if (!/^\d+$/.test(name)) return null;
      // proc_pid_stat(5): the name in parentheses may hold anything; after it come state, parent and group.
      const [state, , itsGroup] = (await readFile(`/proc/${name}/stat`, "latin1").catch(() => "")).replace(/^.*\) /s, "").split(" ");
      return itsGroup === String(group) && state !== "Z" ? Number(name) : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}

/** Sends a signal to one process, if it is still there. */
export function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** Ends a process group: SIGTERM, and SIGKILL to who is still there when `exited` has not come true in `graceMs`. */
export async function endGroup(pid: number, exited: Promise<unknown>, graceMs = TERM_GRACE_MS): Promise<void> {
  signalGroup(pid, "SIGTERM");
  const patience = new AbortController();
  await Promise.race([exited, sleep(graceMs, null, { signal: patience.signal }).catch(() => null)]);
  patience.abort();
  signalGroup(pid, "SIGKILL");
}

/**
 * Kills every process whose environment has `STEP_MARKER=marker`: what a step left in the background, with its own session or not.
 * Looks again until none is found, since a process may fork while we look. Returns how many were killed.
 */
export async function killMarked(marker: string): Promise<number> {
  let killed = 0;
  for (let round = 0; round < 20; round++) {
    const pids = markedProcesses(marker);
    if (pids.length === 0) break;
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
        killed++;
      } catch {
        // It ended by itself.
      }
    }
    await sleep(10);
  }
  return killed;
}

/** The command lines of the live processes with this marker. */
export function stepProcesses(marker: string): readonly string[] {
  const wanted = `${STEP_MARKER}=${marker}`;
  return processesWith((about) => hasWord(about, wanted));
}

/** The live processes with this marker, ours excepted. */
function markedProcesses(marker: string): readonly number[] {
  const wanted = `${STEP_MARKER}=${marker}`;
  return processIds().flatMap((name) => {
    try {
      // A zombie has an empty environment, so it is not found: it is dead already.
      return hasWord(readProc(name, "environ"), wanted) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Whether one of the words, each with a NUL behind it, is `wanted`. */
function hasWord(words: string, wanted: string): boolean {
  return words.includes(wanted) && words.split("\0").includes(wanted);
}
