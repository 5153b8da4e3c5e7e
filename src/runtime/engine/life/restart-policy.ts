import type { ContainerRecord } from "../../containers/container.ts";
import type { LiveContainer } from "../../containers/live-container.ts";
import { settled } from "../../containers/state.ts";
import { setState, type EngineContext } from "../context.ts";

/** Whether the restart policy wants it up again after this exit. */
export function shouldRestart(record: ContainerRecord, exitCode: number): boolean {
  if (record.manuallyStopped) return false;
  const { Name = "no", MaximumRetryCount = 0 } = record.hostConfig.RestartPolicy ?? {};
  if (Name === "always" || Name === "unless-stopped") return true;
  return Name === "on-failure" && exitCode !== 0 && (MaximumRetryCount === 0 || record.restartCount < MaximumRetryCount);
}

/** Ends the waiting of a restarting container: it stays exited. */
export async function cancelRestart(context: EngineContext, container: LiveContainer): Promise<void> {
  await container.serial.run(async () => {
    container.restart?.abort();
    container.restart = null;
    if (container.state.status !== "restarting") return;
    await setState(context, container, { state: settled(container.state), manuallyStopped: true });
    container.announceExit();
  });
}
