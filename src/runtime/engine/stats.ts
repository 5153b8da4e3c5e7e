import { isAlive } from "../containers/state.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { timestamp, type EngineContext } from "./context.ts";

const intervalMs = 1000;
const never = "0001-01-01T00:00:00Z";

type Sample = Readonly<Record<string, unknown>>;

const noIo = {
  io_service_bytes_recursive: null,
  io_serviced_recursive: null,
  io_queue_recursive: null,
  io_service_time_recursive: null,
  io_wait_time_recursive: null,
  io_merged_recursive: null,
  io_time_recursive: null,
  sectors_recursive: null,
};
const noCpu = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
};

/** What is known of a container that does not run. */
const nothing: Sample = {
  read: never,
  pids_stats: {},
  blkio_stats: noIo,
  num_procs: 0,
  storage_stats: {},
  cpu_stats: noCpu,
  memory_stats: {},
};

/**
 * `docker stats`: a sample a second until the signal or the container's removal, each with the one before it. A container that does
 * not run has zeros.
 */
export async function containerStats(context: EngineContext, ref: string, signal: AbortSignal): Promise<AsyncIterable<unknown>> {
  const container = context.registry.get(ref);
  return (async function* (): AsyncGenerator<unknown> {
    let before = nothing;
    while (!signal.aborted && !container.removed) {
      const now = await sample(context, container);
      yield { ...now, preread: before["read"], precpu_stats: before["cpu_stats"], name: `/${container.record.name}`, id: container.id };
      before = now;
      await context.clock.sleep(intervalMs, signal).catch(() => undefined);
    }
  })();
}

async function sample(context: EngineContext, container: LiveContainer): Promise<Sample> {
  const { run } = container;
  if (!run || !isAlive(container.state)) return nothing;
  // Its cgroup may go while it is read.
  const counted = await run.cgroup.stats().catch(() => null);
  if (!counted) return nothing;
  // A host without cgroups, or without some of them, counts less, and says so by nothing where the numbers would stand.
  const empty = Object.fromEntries(Object.keys(noIo).map((name) => [name, []]));
  return {
    ...nothing,
    ...counted,
    read: timestamp(context),
    blkio_stats: { ...empty, ...(counted["blkio_stats"] as object | undefined) },
    networks: context.networks.statistics(container.id),
  };
}
