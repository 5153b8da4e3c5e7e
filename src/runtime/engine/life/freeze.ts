import { constants } from "node:os";
import { hasErrno } from "../../../base/errors.ts";
import type { ContainerRun, LiveContainer } from "../../containers/live-container.ts";
import type { EngineContext } from "../context.ts";
import { processesOf } from "../processes.ts";

/** Stops every process of the container: by its cgroup, or by SIGSTOP where there is none. */
export async function freeze(context: EngineContext, _container: LiveContainer, run: ContainerRun): Promise<void> {
  if (run.cgroup.canFreeze) return await run.cgroup.freeze();
  // Again until nobody new appears: a process may fork while we count.
  const seen = new Set<number>();
  for (let isNew = true; isNew;) {
    isNew = false;
    for (const pid of await processesOf(run.process.pid)) {
      if (seen.has(pid)) continue;
      seen.add(pid);
      isNew = true;
      signalIfThere(context, pid, constants.signals.SIGSTOP);
    }
  }
}

/** The reverse of `freeze`. */
export async function thaw(context: EngineContext, _container: LiveContainer, run: ContainerRun): Promise<void> {
  if (run.cgroup.canFreeze) return await run.cgroup.thaw();
  for (const pid of await processesOf(run.process.pid)) signalIfThere(context, pid, constants.signals.SIGCONT);
}

function signalIfThere(context: EngineContext, pid: number, signal: number): void {
  try {
    context.kernel.kill(pid, signal);
  } catch (error) {
    if (!hasErrno(error, "ESRCH")) throw error;
  }
}
