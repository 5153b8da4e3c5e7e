import { readFile } from "node:fs/promises";
import { ConflictError, InternalError, InvalidArgumentError } from "../../base/errors.ts";
import type { TopResponse } from "../../docker/api/types.ts";
import { isAlive } from "../containers/state.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";
import { formatProcesses, psColumns, type ProcessFacts } from "./ps-format.ts";
import { processesOf } from "./processes.ts";

/** The kernel's USER_HZ, which is 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;
const pageSize = 4096;

/** `docker top`: from /proc, because the host need not have a ps. */
export async function containerTop(context: EngineContext, ref: string, psArgs: string): Promise<TopResponse> {
  const container = context.registry.get(ref);
  const { state, run } = container;
  if (state.status === "restarting")
    throw new ConflictError(`Container ${container.id} is restarting, wait until the container is running`);
  if (!isAlive(state) || !run) throw new ConflictError(`Container ${container.id} is not running`);
  const columns = psColumns(psArgs === "" ? "-ef" : psArgs);
  if (!columns) throw new InvalidArgumentError(`ps: unsupported options: ${psArgs}`);
  // dockerd finds a container's processes in ps's answer by their ids.
  if (!columns.some(({ title }) => title === "PID")) throw new InternalError("Couldn't find PID field in ps output");
  const [names, uptime, pids] = await Promise.all([userNames(), readUptime(), processesOf(run.process.pid)]);
  const facts = await Promise.all(pids.map((pid) => factsOf(pid, names, uptime, context.clock.now())));
  emitContainerEvent(context, container, "top");
  return formatProcesses(
    columns,
    facts.filter((fact) => fact !== null),
    context.clock.now(),
  );
}

async function factsOf(pid: number, names: ReadonlyMap<number, string>, uptime: number, now: Date): Promise<ProcessFacts | null> {
  try {
    const [stat, status, cmdline] = await Promise.all(
      ["stat", "status", "cmdline"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8")),
    );
    // The name in parentheses may itself hold blanks and parentheses (proc(5)).
    const close = (stat ?? "").lastIndexOf(")");
    const name = (stat ?? "").slice((stat ?? "").indexOf("(") + 1, close);
    const fields = (stat ?? "").slice(close + 2).split(" ");
    const field = (index: number): number => Number(fields[index - 3]);
    const uid = Number(/^Uid:\t(\d+)/m.exec(status ?? "")?.[1] ?? 0);
    const cpuSeconds = (field(14) + field(15)) / ticksPerSecond;
    const ageSeconds = Math.max(uptime - field(22) / ticksPerSecond, 0);
    const words = (cmdline ?? "").split("\0").filter((word, index, all) => index < all.length - 1 || word !== "");
    return {
      pid,
      ppid: field(4),
      user: names.get(uid) ?? String(uid),
      uid,
      state: fields[0] ?? "?",
      isSessionLeader: field(6) === pid,
      tty: ttyName(field(7)),
      cpuSeconds,
      cpuPercent: ageSeconds > 0 ? (100 * cpuSeconds) / ageSeconds : 0,
      startedAt: new Date(now.getTime() - ageSeconds * 1000),
      ageSeconds,
      vszKiB: Math.floor(field(23) / 1024),
      rssKiB: (field(24) * pageSize) / 1024,
      name,
      command: words.length > 0 ? words.join(" ") : `[${name}]`,
    };
  } catch {
    // It ended while we looked.
    return null;
  }
}

function ttyName(device: number): string {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (device === 0) return "?";
  return major >= 136 && major <= 143 ? `pts/${minor + (major - 136) * 256}` : `tty${minor}`;
}

async function userNames(): Promise<ReadonlyMap<number, string>> {
  const text = await readFile("/etc/passwd", "utf8").catch(() => "root:x:0:0:root:/root:/bin/sh");
  return new Map(
    text
      .split("\n")
      .map((line) => line.split(":"))
      .filter((parts) => parts.length > 2)
      .map(([name = "", , uid]) => [Number(uid), name]),
  );
}

async function readUptime(): Promise<number> {
  return Number((await readFile("/proc/uptime", "utf8")).split(" ")[0]);
}
