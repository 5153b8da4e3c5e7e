import { InvalidArgumentError, NotImplementedError } from "../../base/errors.ts";
import type { LogsOptions, StreamIo, StreamSession } from "../../docker/api/engine.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { logSeconds } from "../containers/log-clock.ts";
import type { LogEntry } from "../containers/log-file.ts";
import type { EngineContext } from "./context.ts";
import { logDetails } from "./log-details.ts";
import { writeFully } from "./write-fully.ts";

/** `docker logs`. */
export async function containerLogs(context: EngineContext, ref: string, options: LogsOptions): Promise<StreamSession> {
  const container = context.registry.get(ref);
  if (!container.isLogged) throw new NotImplementedError("configured logging driver does not support reading");
  if (!options.stdout && !options.stderr) throw new InvalidArgumentError("Bad parameters: you must choose at least one stream");
  return { tty: container.record.config.Tty === true, run: (io) => writeLogs(container, options, io) };
}

/** Writes what the options ask for, and with `follow` goes on until the container stops or the client leaves. */
export async function writeLogs(container: LiveContainer, options: LogsOptions, io: StreamIo): Promise<void> {
  const isWanted = (entry: LogEntry): boolean => {
    if (!options[entry.stream]) return false;
    if (options.since === null && options.until === null) return true;
    const seconds = logSeconds(entry.time);
    return (options.since === null || seconds >= options.since) && (options.until === null || seconds <= options.until);
  };
  const follow = options.follow && options.until === null;
  const { timestamps } = options;
  const details = options.details === true ? `${logDetails(container.record)} ` : "";
  const write = (entries: readonly LogEntry[]): Promise<void> => writeEntries(entries.filter(isWanted), { timestamps, details }, io);
  if (options.tail === null) {
    for await (const entries of container.log.read({ follow, signal: io.signal })) await write(entries);
    return;
  }
  // The tail is of what is there now; lines that come while it is read follow it.
  let last: LogEntry[] = [];
  let count = 0;
  for await (const entries of container.log.read({ follow: false, signal: io.signal })) {
    count += entries.length;
    last.push(...entries.filter(isWanted));
    if (last.length > 2 * options.tail + 1024) last = lastOf(last, options.tail);
  }
  await write(lastOf(last, options.tail));
  if (!follow) return;
  for await (const entries of container.log.read({ follow: true, signal: io.signal })) {
    const known = Math.min(count, entries.length);
    count -= known;
    await write(entries.slice(known));
  }
}

function lastOf(entries: LogEntry[], count: number): LogEntry[] {
  return count === 0 ? [] : entries.slice(-count);
}

/** One after the other, or what went to stderr could overtake what went to stdout; neighbours of one stream go together. */
async function writeEntries(
  entries: readonly LogEntry[],
  { timestamps, details }: { readonly timestamps: boolean; readonly details: string },
  io: StreamIo,
): Promise<void> {
  let text = "";
  for (const [index, entry] of entries.entries()) {
    text += `${timestamps ? `${entry.time} ` : ""}${details}${entry.log}`;
    if (entries[index + 1]?.stream === entry.stream) continue;
    await writeFully(io[entry.stream], text, io.signal);
    text = "";
  }
}
