import { goDuration } from "../../../base/go-duration.ts";
import { messageOf } from "../../../base/errors.ts";
import type { HealthState } from "../../../docker/api/types.ts";
import type { HealthConfig } from "../../../oci/image-config.ts";
import type { LiveContainer } from "../../containers/live-container.ts";
import { SessionStreams } from "../../containers/session-streams.ts";
import { emitContainerEvent, type EngineContext } from "../context.ts";
import { startProcess } from "../exec.ts";
import { ownExecEvents } from "./exec-events.ts";
import { ProbeOutput } from "./probe-output.ts";

const nanosecondsPerMs = 1_000_000;
const defaultMs = 30_000;
const defaultStartMs = 5000;
const keptResults = 5;
/** Of a container that is killed the probe ends first: so long its own end may take to be told. */
const killedTogetherMs = 100;
const killed = 137;

/** Runs the container's health check, if it has one, from now until `over`: when its process 1 has ended. */
export function watchHealth(context: EngineContext, container: LiveContainer, over: Promise<unknown>): void {
  const { config } = container.record;
  const command = healthCommand(config.Healthcheck ?? {}, config.Shell ?? []);
  if (command === null) {
    container.health = null;
    return;
  }
  container.health = { Status: "starting", FailingStreak: 0, Log: [] };
  const stopped = new AbortController();
  void over.finally(() => stopped.abort());
  // It ends when the container does: there is nobody to tell.
  void probeForever(context, container, command, stopped.signal).catch(() => undefined);
}

async function probeForever(
  context: EngineContext,
  container: LiveContainer,
  command: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const check = container.record.config.Healthcheck ?? {};
  const begun = context.clock.now().getTime();
  for (;;) {
    const isNew = container.health?.Status === "starting" && isInStartPeriod(context, check, begun);
    await context.clock.sleep(isNew ? milliseconds(check.StartInterval, defaultStartMs) : milliseconds(check.Interval), signal);
    const start = context.clock.now();
    const result = await probe(context, container, command, milliseconds(check.Timeout), signal);
    if (signal.aborted) return;
    const before = container.health;
    container.health = nextHealth(
      before,
      { ...result, Start: start.toISOString(), End: context.clock.now().toISOString() },
      check,
      isInStartPeriod(context, check, begun),
    );
    if (container.health.Status !== before?.Status) emitContainerEvent(context, container, `health_status: ${container.health.Status}`);
  }
}

function isInStartPeriod(context: EngineContext, check: HealthConfig, begun: number): boolean {
  return context.clock.now().getTime() - begun < (check.StartPeriod ?? 0) / nanosecondsPerMs;
}

/** The health after one more result: healthy at the first success, unhealthy after `Retries` failures in a row. */
export function nextHealth(
  before: HealthState | null,
  result: HealthState["Log"][number],
  check: HealthConfig,
  inStartPeriod: boolean,
): HealthState {
  const Log = [...(before?.Log ?? []), result].slice(-keptResults);
  if (result.ExitCode === 0) return { Status: "healthy", FailingStreak: 0, Log };
  const Status = before?.Status ?? "starting";
  if (Status === "starting" && inStartPeriod) return { Status, FailingStreak: 0, Log };
  const FailingStreak = (before?.FailingStreak ?? 0) + 1;
  return { Status: FailingStreak >= (check.Retries || 3) ? "unhealthy" : Status, FailingStreak, Log };
}

/** The command of `CMD` and `CMD-SHELL`; null for none. */
export function healthCommand(check: HealthConfig, shell: readonly string[]): readonly string[] | null {
  const [kind, ...args] = check.Test ?? [];
  if (kind === "CMD") return args;
  if (kind === "CMD-SHELL") return [...(shell.length > 0 ? shell : ["/bin/sh", "-c"]), ...args];
  return null;
}

async function probe(
  context: EngineContext,
  container: LiveContainer,
  command: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ ExitCode: number; Output: string }> {
  try {
    const events = ownExecEvents(context, container, command);
    events.begin();
    const process = await startProcess(context, container, { Cmd: command }, null);
    void process.exited.then(({ exitCode }) => events.end(exitCode));
    const output = new ProbeOutput();
    const delivered = new SessionStreams({ openStdin: false }).connect(process, (_, chunk) => {
      output.take(chunk);
      return undefined;
    });
    const timer = new AbortController();
    const timeUp = context.clock.sleep(timeoutMs, AbortSignal.any([timer.signal, signal])).then(
      () => null,
      () => null,
    );
    const status = await Promise.race([process.exited, timeUp]);
    timer.abort();
    if (!status) process.kill(9);
    await delivered;
    const text = output.text();
    if (!status) {
      // What it had printed by then is told since Docker 23.
      const exceeded = `Health check exceeded timeout (${goDuration(timeoutMs * nanosecondsPerMs)})`;
      return { ExitCode: -1, Output: text === "" ? exceeded : `${exceeded}: ${text}` };
    }
    if (status.exitCode === killed) await mayBeOver(context, signal);
    return { ExitCode: status.exitCode, Output: text };
  } catch (error) {
    await mayBeOver(context, signal);
    return { ExitCode: -1, Output: messageOf(error) };
  }
}

/** Gives the container's end time to be told, so that its last probe does not count as one that failed. */
async function mayBeOver(context: EngineContext, signal: AbortSignal): Promise<void> {
  await context.clock.sleep(killedTogetherMs, signal).catch(() => undefined);
}

function milliseconds(nanoseconds: number | undefined, otherwise = defaultMs): number {
  return nanoseconds ? nanoseconds / nanosecondsPerMs : otherwise;
}
