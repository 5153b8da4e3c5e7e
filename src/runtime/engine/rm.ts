import { ConflictError, messageOf } from "../../base/errors.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { isAlive, removing } from "../containers/state.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";
import { cancelRestart } from "./life/restart-policy.ts";
import { sendSignal } from "./kill.ts";

/** `docker rm`. */
export async function removeContainer(
  context: EngineContext,
  ref: string,
  options: { readonly force: boolean; readonly volumes: boolean },
): Promise<void> {
  const container = context.registry.get(ref);
  if (container.state.status === "removing") throw new ConflictError(`removal of container ${ref} is already in progress`);
  const { status } = container.state;
  if (isAlive(container.state) || status === "restarting") {
    if (!options.force) {
      const advice = "top the container before attempting removal or force remove";
      throw new ConflictError(
        `You cannot remove a ${status} container ${container.id}. ${status === "paused" ? "Unpause and then s" : "S"}${advice}`,
      );
    }
    await killForGood(context, container);
  }
  await container.serial.run(async () => {
    if (!container.removed) await removeLocked(context, container, { volumes: options.volumes });
  });
}

/** Removes a container that does not run, within its own row of tasks. */
export async function removeLocked(
  context: EngineContext,
  container: LiveContainer,
  options: { readonly volumes: boolean },
): Promise<void> {
  const { id } = container;
  container.update({ state: removing(container.state) });
  container.restart?.abort();
  // The record first: after a crash the rest is a left-over of nobody, and is swept.
  await context.store.remove(id);
  await context.snapshotter.remove(id);
  context.rootfs.forget(id);
  for (const exec of context.execs.values()) if (exec.containerId === id) context.execs.delete(exec.id);
  context.registry.remove(container);
  if (options.volumes) await removeAnonymousVolumes(context, container);
  emitContainerEvent(context, container, "destroy");
  container.announceRemoval();
}

/** SIGKILL, and waits until the run is over. */
export async function killForGood(context: EngineContext, container: LiveContainer): Promise<void> {
  // Again when a restart policy was quicker and has started it anew.
  for (let attempt = 0; attempt < 3 && (isAlive(container.state) || container.state.status === "restarting"); attempt += 1) {
    const over = container.run?.over;
    if (over) await sendSignal(context, container, 9, { manual: true });
    else await cancelRestart(context, container);
    await over;
  }
}

async function removeAnonymousVolumes(context: EngineContext, { record }: LiveContainer): Promise<void> {
  for (const { anonymous, point } of record.mounts) {
    if (!anonymous || point.Name === undefined) continue;
    // Another container may have it by --volumes-from; then it stays, as in Docker.
    await context.volumes.remove(point.Name, { force: false }).catch((error: unknown) => {
      if (!(error instanceof ConflictError)) process.stderr.write(`slipway: volume ${point.Name}: ${messageOf(error)}\n`);
    });
  }
}
