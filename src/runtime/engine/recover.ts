import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../base/errors.ts";
import { LiveContainer } from "../containers/live-container.ts";
import { endOf, isAlive } from "../containers/state.ts";
import type { ContainerRecord } from "../containers/container.ts";
import { setState, timestamp, type EngineContext } from "./context.ts";
import { networkRequest } from "./endpoints/network-request.ts";
import { removeLocked } from "./rm.ts";
import { startLocked } from "./start.ts";

/** As after SIGKILL: the kernel took them when the engine went. */
const killedExitCode = 137;

/**
 * Opens the containers that the root holds. Those that ran when the last engine ended are `exited` now; those of `run --rm` and of builds go;
 * those whose restart policy says so are started, without waiting for it.
 */
export async function recover(context: EngineContext): Promise<void> {
  for (const record of await context.store.load()) {
    const container = new LiveContainer(record, context.store.folder(record.id));
    context.registry.add(container);
    const wasUp = isAlive(record.state) || record.state.status === "restarting";
    // The mount went with the engine's mount namespace; its mount point is still there.
    await rmdir(join(context.store.folder(record.id), "merged")).catch(() => undefined);
    if (wasUp)
      await setState(context, container, { state: interrupted(record, timestamp(context)), networkSettings: idle(context, record) });
    if (record.state.status === "removing" || record.ofBuild || (wasUp && record.hostConfig.AutoRemove)) {
      await removeLocked(context, container, { volumes: true });
    } else if (comesBack(record, wasUp)) {
      void container.serial
        .run(() => startLocked(context, container))
        .catch((error: unknown) => process.stderr.write(`slipway: container ${record.id}: ${messageOf(error)}\n`));
    }
  }
}

function interrupted(record: ContainerRecord, finishedAt: string): ContainerRecord["state"] {
  const { startedAt, oomKilled, error } = endOf(record.state);
  return { status: "exited", exitCode: killedExitCode, oomKilled, error, startedAt, finishedAt };
}

function idle(context: EngineContext, record: ContainerRecord): ContainerRecord["networkSettings"] {
  return context.networks.idleSettings(networkRequest(context, record));
}

/** `always` also what was stopped by hand, as dockerd does when it comes up; `unless-stopped` not. */
function comesBack(record: ContainerRecord, wasUp: boolean): boolean {
  const policy = record.hostConfig.RestartPolicy?.Name;
  if (record.state.status === "created") return false;
  return policy === "always" || (policy === "unless-stopped" && !record.manuallyStopped) || (policy === "on-failure" && wasUp);
}
