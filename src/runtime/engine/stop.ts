import { NotModifiedError } from "../../base/errors.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { isAlive } from "../containers/state.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";
import { cancelRestart } from "./life/restart-policy.ts";
import { sendSignal } from "./kill.ts";
import { parseSignal } from "./config/signals.ts";
import { startContainer } from "./start.ts";

interface StopOptions {
  readonly signal: string;
  readonly timeout: number | null;
}

const defaultTimeout = 10;

/** `docker stop`. */
export async function stopContainer(context: EngineContext, ref: string, options: StopOptions): Promise<void> {
  const container = context.registry.get(ref);
  if (!isAlive(container.state) && container.state.status !== "restarting") {
    throw new NotModifiedError(`Container ${container.id} is already stopped`);
  }
  await stop(context, container, options);
}

/** `docker restart`: stops it if it runs, and starts it. */
export async function restartContainer(context: EngineContext, ref: string, options: StopOptions): Promise<void> {
  const container = context.registry.get(ref);
  if (isAlive(container.state) || container.state.status === "restarting") {
    // A container of `run --rm` must outlive its own stop here.
    const { hostConfig } = container.record;
    container.update({ hostConfig: { ...hostConfig, AutoRemove: false } });
    try {
      await stop(context, container, options);
    } finally {
      container.update({ hostConfig: { ...container.record.hostConfig, AutoRemove: hostConfig.AutoRemove ?? false } });
    }
  }
  await startContainer(context, container.id);
  emitContainerEvent(context, container, "restart");
}

/** The stop signal, then SIGKILL when the time is up. */
async function stop(context: EngineContext, container: LiveContainer, options: StopOptions): Promise<void> {
  const { config } = container.record;
  const signal = parseSignal(options.signal || config.StopSignal || "SIGTERM");
  const timeout = options.timeout ?? config.StopTimeout ?? defaultTimeout;
  // Again when a restart policy was quicker and has started it anew.
  for (let attempt = 0; attempt < 3 && (isAlive(container.state) || container.state.status === "restarting"); attempt += 1) {
    const run = container.run;
    if (!run) {
      await cancelRestart(context, container);
      continue;
    }
    await sendSignal(context, container, signal, { manual: true });
    if (await isOverWithin(context, run.over, timeout)) continue;
    await sendSignal(context, container, 9, { manual: true });
    await run.over;
  }
  emitContainerEvent(context, container, "stop");
}

async function isOverWithin(context: EngineContext, over: Promise<void>, seconds: number): Promise<boolean> {
  if (seconds < 0) return await over.then(() => true);
  const timer = new AbortController();
  const timeUp = context.clock.sleep(seconds * 1000, timer.signal).then(
    () => false,
    () => true,
  );
  const result = await Promise.race([over.then(() => true), timeUp]);
  timer.abort();
  return result;
}
