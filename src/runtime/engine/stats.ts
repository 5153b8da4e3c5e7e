import { isAlive } from "../containers/state.ts";
import { timestamp, type EngineContext } from "./context.ts";

const intervalMs = 1000;

/** `docker stats`: a sample a second until the signal, each with the one before it. A container that does not run has zeros, once. */
export async function containerStats(context: EngineContext, ref: string, signal: AbortSignal): Promise<AsyncIterable<unknown>> {
  const container = context.registry.get(ref);
  const sample = async (): Promise<Readonly<Record<string, unknown>>> => ({
    read: timestamp(context),
    id: container.id,
    name: `/${container.record.name}`,
    cpu_stats: {},
    memory_stats: {},
    pids_stats: {},
    blkio_stats: {},
    networks: context.networks.statistics(container.id),
    ...(await container.run?.cgroup.stats()),
  });
  return (async function* (): AsyncGenerator<unknown> {
    let before: Readonly<Record<string, unknown>> | null = null;
    while (!signal.aborted && !container.removed) {
      const now = await sample();
      yield { ...now, preread: before?.["read"] ?? "0001-01-01T00:00:00Z", precpu_stats: before?.["cpu_stats"] ?? {} };
      before = now;
      if (!isAlive(container.state)) return;
      await context.clock.sleep(intervalMs, signal).catch(() => undefined);
    }
  })();
}
