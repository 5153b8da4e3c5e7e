import { ConflictError, hasErrno, NotFoundError } from "../../base/errors.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { isAlive, unpaused } from "../containers/state.ts";
import { emitContainerEvent, setState, type EngineContext } from "./context.ts";
import { cancelRestart } from "./life/restart-policy.ts";
import { thaw } from "./life/freeze.ts";
import { assertLinuxSignal, parseSignal } from "./config/signals.ts";

const SIGKILL = 9;

/** `docker kill`; after SIGKILL it waits for the end, as dockerd does. */
export async function killContainer(context: EngineContext, ref: string, signalText: string): Promise<void> {
  const signal = signalText === "" ? SIGKILL : parseSignal(signalText);
  const container = find(context, ref);
  assertLinuxSignal(signal, ref);
  if (container.state.status === "restarting") return await cancelRestart(context, container);
  const run = container.run;
  if (!isAlive(container.state) || !run) {
    throw new ConflictError(`Cannot kill container: ${ref}: Container ${container.id} is not running`);
  }
  const stopSignal = parseSignal(container.record.config.StopSignal || "SIGTERM");
  await sendSignal(context, container, signal, { manual: signal === SIGKILL || signal === stopSignal });
  if (signal === SIGKILL) await run.over;
}

function find(context: EngineContext, ref: string): LiveContainer {
  try {
    return context.registry.get(ref);
  } catch (error) {
    if (error instanceof NotFoundError) throw new NotFoundError(`Cannot kill container: ${ref}: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * Sends a signal to process 1 and tells of it. `manual`: it is meant to end the container, so no restart policy applies and a paused
 * container goes on, or it could not die.
 */
export async function sendSignal(
  context: EngineContext,
  container: LiveContainer,
  signal: number,
  options: { readonly manual: boolean },
): Promise<void> {
  await container.serial.run(async () => {
    const run = container.run;
    if (!run || !isAlive(container.state)) return;
    if (options.manual && !container.record.manuallyStopped) await setState(context, container, { manuallyStopped: true });
    try {
      run.process.kill(signal);
    } catch (error) {
      if (!hasErrno(error, "ESRCH")) throw error;
    }
    if (options.manual && container.state.status === "paused") {
      await thaw(context, container, run);
      await setState(context, container, { state: unpaused(container.state) });
    }
    emitContainerEvent(context, container, "kill", { signal: String(signal) });
  });
}
