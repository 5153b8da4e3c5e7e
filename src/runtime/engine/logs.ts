import { once } from "node:events";
import type { Writable } from "node:stream";
import { InvalidArgumentError } from "../../base/errors.ts";
import type { LogsOptions, StreamIo, StreamSession } from "../../docker/api/engine.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import type { LogEntry } from "../containers/log-file.ts";
import type { EngineContext } from "./context.ts";

/** `docker logs`. */
export async function containerLogs(context: EngineContext, ref: string, options: LogsOptions): Promise<StreamSession> {
  const container = context.registry.get(ref);
  if (!options.stdout && !options.stderr) throw new InvalidArgumentError("Bad parameters: you must choose at least one stream");
  return { tty: container.record.config.Tty === true, run: (io) => writeLogs(container, options, io) };
}

/** Writes what the options ask for, and with `follow` goes on until the container stops or the client leaves. */
export async function writeLogs(container: LiveContainer, options: LogsOptions, io: StreamIo): Promise<void> {
  const write = async (entry: LogEntry): Promise<void> => {
    const text = options.timestamps ? `${entry.time} ${entry.log}` : entry.log;
    await writeAll(entry.stream === "stdout" ? io.stdout : io.stderr, text, io.signal);
  };
  const isWanted = (entry: LogEntry): boolean => {
    const seconds = Date.parse(entry.time) / 1000;
    return (
      options[entry.stream] && (options.since === null || seconds >= options.since) && (options.until === null || seconds <= options.until)
    );
  };
  // The tail is of what is there now; lines that come while it is read follow it.
  const follow = options.follow && options.until === null;
  if (options.tail === null) {
    for await (const entries of container.log.read({ follow, signal: io.signal })) {
      for (const entry of entries) if (isWanted(entry)) await write(entry);
    }
    return;
  }
  let last: LogEntry[] = [];
  let count = 0;
  for await (const entries of container.log.read({ follow: false, signal: io.signal })) {
    count += entries.length;
    last.push(...entries.filter(isWanted));
    if (last.length > 2 * options.tail + 1024) last = lastOf(last, options.tail);
  }
  for (const entry of lastOf(last, options.tail)) await write(entry);
  if (!follow) return;
  for await (const entries of container.log.read({ follow: true, signal: io.signal })) {
    const fresh = entries.slice(Math.min(count, entries.length));
    count = Math.max(0, count - entries.length);
    for (const entry of fresh) if (isWanted(entry)) await write(entry);
  }
}

function lastOf(entries: LogEntry[], count: number): LogEntry[] {
  return count === 0 ? [] : entries.slice(-count);
}

async function writeAll(target: Writable, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || target.destroyed || target.write(text)) return;
  // A client that went away ends it by the signal.
  await once(target, "drain", { signal }).catch(() => undefined);
}
