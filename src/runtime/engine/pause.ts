import { ConflictError, InternalError } from "../../base/errors.ts";
import { paused, unpaused } from "../containers/state.ts";
import { emitContainerEvent, setState, type EngineContext } from "./context.ts";
import { freeze, thaw } from "./life/freeze.ts";

/** `docker pause`. */
export async function pauseContainer(context: EngineContext, ref: string): Promise<void> {
  const container = context.registry.get(ref);
  await container.serial.run(async () => {
    const { state, run } = container;
    if (state.status === "restarting")
      throw new ConflictError(`Container ${container.id} is restarting, wait until the container is running`);
    if (state.status === "paused") throw new ConflictError(`Container ${container.id} is already paused`);
    if (state.status !== "running" || !run) throw new ConflictError(`Container ${container.id} is not running`);
    await freeze(context, container, run);
    await setState(context, container, { state: paused(state) });
    emitContainerEvent(context, container, "pause");
  });
}

/** `docker unpause`. */
export async function unpauseContainer(context: EngineContext, ref: string): Promise<void> {
  const container = context.registry.get(ref);
  await container.serial.run(async () => {
    const { state, run } = container;
    if (state.status !== "paused" || !run) throw new InternalError(`Container ${container.id} is not paused`);
    await thaw(context, container, run);
    await setState(context, container, { state: unpaused(state) });
    emitContainerEvent(context, container, "unpause");
  });
}
