import { messageOf } from "../../../base/errors.ts";
import type { LiveContainer } from "../../containers/live-container.ts";
import { ended } from "../../containers/state.ts";
import type { ContainerCgroup } from "../../kernel/cgroups.ts";
import type { ExitStatus, SandboxContainer } from "../../sandbox/sandbox.ts";
import { emitContainerEvent, setState, timestamp, type EngineContext } from "../context.ts";
import { emitNetworkEvents } from "../endpoints/network-events.ts";
import { emitVolumeEvents } from "./volume-events.ts";
import { networkRequest } from "../endpoints/network-request.ts";
import { removeLocked } from "../rm.ts";
import type { MountedRootfs } from "../files/rootfs.ts";
import { shouldRestart } from "./restart-policy.ts";

/** A run that lasted this long starts the back-off anew. */
const settledAfterMs = 10_000;
const firstBackoffMs = 100;
const longestBackoffMs = 60_000;

/** Starts a container within its own row of tasks; given by who starts, since starting and ending would else need each other. */
type StartAgain = (context: EngineContext, container: LiveContainer) => Promise<void>;

/** What a run holds. */
interface Held {
  readonly rootfs: MountedRootfs;
  readonly process: SandboxContainer;
  readonly cgroup: ContainerCgroup;
}

/** Process 1 has ended and all its output is delivered: state, events, and everything that the run held is given back. */
export async function endRun(
  context: EngineContext,
  container: LiveContainer,
  run: Held & { readonly status: ExitStatus; readonly since: number },
  startAgain: StartAgain,
): Promise<void> {
  await container.serial.run(async () => {
    await container.log.flush();
    const oomKilled = (await run.cgroup.oomKills().catch(() => 0)) > 0;
    const { exitCode } = run.status;
    const willRestart = !context.closing && shouldRestart(container.record, exitCode);
    const next = willRestart ? "restarting" : "exited";
    container.run = null;
    const how = { exitCode, oomKilled, finishedAt: timestamp(context) };
    // On a full disk the state counts in memory all the same, or the container would seem to run for ever.
    await setState(context, container, { state: ended(container.state, how, next) }).catch(complain);
    if (oomKilled) emitContainerEvent(context, container, "oom");
    emitContainerEvent(context, container, "die", { exitCode: String(exitCode) });
    // Whoever follows the output to its end finds that the container has ended.
    await container.log.stop();
    container.streams.finish();
    await giveBack(context, container, run);
    // Whoever waited for the end finds its ports free and its networks left.
    if (!willRestart) container.announceExit();
    const { AutoRemove } = container.record.hostConfig;
    if (AutoRemove) await removeLocked(context, container, { volumes: true });
    else if (willRestart) scheduleRestart(context, container, { ranMs: context.clock.now().getTime() - run.since, startAgain });
    else await context.store.save(container.record, { durable: true });
  });
}

/** A step that fails must not keep the others from being done; what stays behind goes when the engine does. */
async function giveBack(context: EngineContext, container: LiveContainer, { rootfs, process, cgroup }: Held): Promise<void> {
  const results = await Promise.allSettled([
    rootfs.release(),
    context.networks.detach(container.id),
    process.release().then(() => cgroup.remove()),
  ]);
  for (const result of results) {
    if (result.status === "rejected") complain(result.reason);
  }
  emitNetworkEvents(context, container, "disconnect");
  emitVolumeEvents(context, container, "unmount");
  container.update({ networkSettings: context.networks.idleSettings(networkRequest(context, container.record)) });
}

function complain(error: unknown): void {
  process.stderr.write(`slipway: the end of a container: ${messageOf(error)}\n`);
}

function scheduleRestart(
  context: EngineContext,
  container: LiveContainer,
  { ranMs, startAgain }: { readonly ranMs: number; readonly startAgain: StartAgain },
): void {
  container.backoff =
    ranMs >= settledAfterMs || container.backoff === 0 ? firstBackoffMs : Math.min(container.backoff * 2, longestBackoffMs);
  const waiting = new AbortController();
  container.restart = waiting;
  const again = async (): Promise<void> => {
    await context.clock.sleep(container.backoff, waiting.signal);
    await container.serial.run(async () => {
      if (waiting.signal.aborted || container.removed || container.state.status !== "restarting") return;
      container.restart = null;
      container.update({ restartCount: container.record.restartCount + 1 });
      // Its error is in the container's state; nobody waits for it here.
      await startAgain(context, container).catch(() => container.announceExit());
    });
  };
  void again().catch(() => undefined);
}
