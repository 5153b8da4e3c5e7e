import type { TopResponse } from "../../docker/api/types.ts";

/** What one process of /proc says. */
export interface ProcessFacts {
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  readonly uid: number;
  readonly state: string;
  readonly isSessionLeader: boolean;
  readonly tty: string;
  readonly cpuSeconds: number;
  readonly cpuPercent: number;
  readonly startedAt: Date;
  readonly ageSeconds: number;
  readonly vszKiB: number;
  readonly rssKiB: number;
  readonly name: string;
  readonly command: string;
}

/** One column of ps: its title and its value. */
export interface PsColumn {
  readonly title: string;
  readonly value: (facts: ProcessFacts, now: Date) => string;
}

const user = (title: string): PsColumn => ({ title, value: ({ user }) => user });
const pid: PsColumn = { title: "PID", value: ({ pid }) => String(pid) };
const ppid: PsColumn = { title: "PPID", value: ({ ppid }) => String(ppid) };
const tty = (title: string): PsColumn => ({ title, value: ({ tty }) => tty });
const time: PsColumn = { title: "TIME", value: ({ cpuSeconds }) => clockText(cpuSeconds) };
const command = (title: string): PsColumn => ({ title, value: ({ command }) => command });
const name = (title: string): PsColumn => ({ title, value: ({ name }) => name });

const full: readonly PsColumn[] = [
  user("UID"),
  pid,
  ppid,
  { title: "C", value: ({ cpuPercent }) => String(Math.min(Math.floor(cpuPercent), 99)) },
  { title: "STIME", value: ({ startedAt }, now) => startText(startedAt, now) },
  tty("TTY"),
  time,
  command("CMD"),
];

const bsd: readonly PsColumn[] = [
  user("USER"),
  pid,
  { title: "%CPU", value: ({ cpuPercent }) => cpuPercent.toFixed(1) },
  { title: "%MEM", value: () => "0.0" },
  { title: "VSZ", value: ({ vszKiB }) => String(vszKiB) },
  { title: "RSS", value: ({ rssKiB }) => String(rssKiB) },
  tty("TTY"),
  { title: "STAT", value: ({ state, isSessionLeader }) => `${state}${isSessionLeader ? "s" : ""}` },
  { title: "START", value: ({ startedAt }, now) => startText(startedAt, now) },
  { title: "TIME", value: ({ cpuSeconds }) => `${Math.floor(cpuSeconds / 60)}:${two(Math.floor(cpuSeconds % 60))}` },
  command("COMMAND"),
];

const named: Readonly<Record<string, PsColumn>> = {
  pid,
  ppid,
  time,
  user: user("USER"),
  uid: { title: "UID", value: ({ uid }) => String(uid) },
  tty: tty("TT"),
  tt: tty("TT"),
  cmd: command("CMD"),
  args: command("COMMAND"),
  command: command("COMMAND"),
  comm: name("COMMAND"),
  ucmd: name("CMD"),
  stat: { title: "STAT", value: ({ state, isSessionLeader }) => `${state}${isSessionLeader ? "s" : ""}` },
  state: { title: "S", value: ({ state }) => state },
  s: { title: "S", value: ({ state }) => state },
  rss: { title: "RSS", value: ({ rssKiB }) => String(rssKiB) },
  vsz: { title: "VSZ", value: ({ vszKiB }) => String(vszKiB) },
  etimes: { title: "ELAPSED", value: ({ ageSeconds }) => String(Math.floor(ageSeconds)) },
  pcpu: { title: "%CPU", value: ({ cpuPercent }) => cpuPercent.toFixed(1) },
  stime: { title: "STIME", value: ({ startedAt }, now) => startText(startedAt, now) },
};

/** The columns that ps would show for these options; null when they ask for something else. */
export function psColumns(psArgs: string): readonly PsColumn[] | null {
  const words = psArgs.trim().split(/\s+/);
  const lists: string[] = [];
  let style: readonly PsColumn[] | null = null;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const [, flags = "", list] = /^-?([a-zA-Z]*?)o(?:=)?([a-z,]*)$/.exec(word) ?? [];
    if (list !== undefined && /^[eAa]*$/.test(flags)) {
      lists.push(list === "" ? (words[(index += 1)] ?? "") : list);
      continue;
    }
    if (/^-[eAadTf]*f[eAad]*$/.test(word)) style = full;
    else if (/^-?[auxwg]+$/.test(word))
      style = word.includes("u") ? bsd : [pid, tty("TTY"), { ...bsd[7], title: "STAT" } as PsColumn, time, command("COMMAND")];
    else if (/^-[eAadw]+$/.test(word)) style ??= [pid, tty("TTY"), time, name("CMD")];
    else return null;
  }
  if (lists.length === 0) return style;
  const columns = lists.flatMap((list) => list.split(",")).map((key) => named[key]);
  return columns.every((column) => column !== undefined) ? columns : null;
}

/** The table of `docker top`. */
export function formatProcesses(columns: readonly PsColumn[], processes: readonly ProcessFacts[], now: Date): TopResponse {
  return {
    Titles: columns.map(({ title }) => title),
    Processes: processes.map((facts) => columns.map(({ value }) => value(facts, now))),
  };
}

/** The time of day within the last day, else the date, as ps shows it. */
function startText(startedAt: Date, now: Date): string {
  if (now.getTime() - startedAt.getTime() < 24 * 3600 * 1000) return `${two(startedAt.getHours())}:${two(startedAt.getMinutes())}`;
  return `${startedAt.toLocaleString("en-US", { month: "short" })}${two(startedAt.getDate())}`;
}

function clockText(seconds: number): string {
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(Math.floor(seconds % 60))}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
