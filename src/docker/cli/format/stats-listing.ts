import { bytesSize, humanSize } from "./human-units.ts";
import type { Listing } from "./write-list.ts";

interface Cpu {
  readonly cpu_usage?: { readonly total_usage?: number; readonly percpu_usage?: readonly number[] | null };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

/** One sample of `GET /containers/{id}/stats`, as far as it is shown. */
export interface StatsSample {
  readonly id?: string;
  readonly name?: string;
  readonly cpu_stats?: Cpu;
  readonly precpu_stats?: Cpu;
  readonly memory_stats?: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: Readonly<Record<string, number>> | null;
  };
  readonly pids_stats?: { readonly current?: number };
  readonly networks?: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>> | null;
  readonly blkio_stats?: {
    readonly io_service_bytes_recursive?: readonly { readonly op: string; readonly value: number }[] | null;
  };
}

/** What is shown of one container: its last sample, null before the first and after its end. */
export interface StatsRow {
  readonly container: string;
  readonly sample: StatsSample | null;
}

/** How the use of resources is listed. */
export function statsListing({ truncate }: { truncate: boolean }): Listing<StatsRow> {
  const id = ({ container, sample }: StatsRow): string => {
    const full = sample?.id ?? container;
    return truncate ? full.slice(0, 12) : full;
  };
  const shown = (text: (sample: StatsSample) => string) => {
    return ({ sample }: StatsRow): string => (sample ? text(sample) : "--");
  };
  return {
    type: "container.statsContext",
    quiet: "ID",
    columns: ["ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs"],
    fields: {
      Container: { header: "CONTAINER", value: ({ container }) => container },
      ID: { header: "CONTAINER ID", value: id },
      Name: { header: "NAME", value: shown(({ name = "" }) => name.replace(/^\//, "")) },
      CPUPerc: { header: "CPU %", value: shown((sample) => `${cpuPercent(sample).toFixed(2)}%`) },
      MemUsage: {
        header: "MEM USAGE / LIMIT",
        value: ({ sample }) => (sample ? `${bytesSize(memoryUsed(sample))} / ${bytesSize(sample.memory_stats?.limit ?? 0)}` : "-- / --"),
      },
      MemPerc: { header: "MEM %", value: shown((sample) => `${memoryPercent(sample).toFixed(2)}%`) },
      NetIO: { header: "NET I/O", value: shown(networkBytes) },
      BlockIO: { header: "BLOCK I/O", value: shown(blockBytes) },
      PIDs: { header: "PIDS", value: shown(({ pids_stats: pids }) => String(pids?.current ?? 0)) },
    },
  };
}

function cpuPercent({ cpu_stats: now = {}, precpu_stats: before = {} }: StatsSample): number {
  const used = (now.cpu_usage?.total_usage ?? 0) - (before.cpu_usage?.total_usage ?? 0);
  const all = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  const cpus = now.online_cpus ?? now.cpu_usage?.percpu_usage?.length ?? 1;
  return used > 0 && all > 0 ? (used / all) * cpus * 100 : 0;
}

/** Without the page cache that the kernel gives back at once. */
function memoryUsed({ memory_stats: memory = {} }: StatsSample): number {
  const usage = memory.usage ?? 0;
  const cache = memory.stats?.["total_inactive_file"] ?? memory.stats?.["inactive_file"] ?? 0;
  return cache < usage ? usage - cache : usage;
}

function memoryPercent(sample: StatsSample): number {
  const limit = sample.memory_stats?.limit ?? 0;
  return limit === 0 ? 0 : (memoryUsed(sample) / limit) * 100;
}

function networkBytes({ networks }: StatsSample): string {
  const all = Object.values(networks ?? {});
  const sum = (pick: (each: (typeof all)[number]) => number): number => all.reduce((total, each) => total + pick(each), 0);
  return `${humanSize(
    sum((each) => each.rx_bytes),
    3,
  )} / ${humanSize(
    sum((each) => each.tx_bytes),
    3,
  )}`;
}

function blockBytes({ blkio_stats: block }: StatsSample): string {
  const sum = (letter: string): number =>
    (block?.io_service_bytes_recursive ?? [])
      .filter(({ op }) => op.toLowerCase().startsWith(letter))
      .reduce((total, { value }) => total + value, 0);
  return `${humanSize(sum("r"), 3)} / ${humanSize(sum("w"), 3)}`;
}
