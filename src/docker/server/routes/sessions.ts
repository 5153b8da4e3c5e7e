import { InvalidArgumentError } from "../../../base/errors.ts";
import type { AttachOptions, ContainerBackend } from "../../api/engine.ts";
import type { Exchange } from "../exchange.ts";
import { get, post, type Route } from "../router.ts";

/** What flows out of, and into, a running container: attach, logs, stats. */
export function sessionRoutes(backend: ContainerBackend): readonly Route[] {
  return [
    post("/containers/{id}/attach", (exchange) => attach(backend, exchange)),
    get("/containers/{id}/attach/ws", (exchange) => attachByWebSocket(backend, exchange)),
    get("/containers/{id}/logs", (exchange) => logs(backend, exchange)),
    get("/containers/{id}/stats", (exchange) => stats(backend, exchange)),
  ];
}

async function attach(backend: ContainerBackend, exchange: Exchange): Promise<void> {
  const options = attachOptions(exchange);
  const session = await backend.attachContainer(exchange.parameter("id"), options);
  await exchange.runSession(session, { stdin: options.stdin && options.stream });
}

async function attachByWebSocket(backend: ContainerBackend, exchange: Exchange): Promise<void> {
  const options = attachOptions(exchange);
  const session = await backend.attachContainer(exchange.parameter("id"), options);
  await exchange.runWebSocketSession(session, { stdin: options.stdin && options.stream });
}

function attachOptions({ query }: Exchange): AttachOptions {
  return {
    stream: query.flag("stream"),
    logs: query.flag("logs"),
    stdin: query.flag("stdin"),
    stdout: query.flag("stdout"),
    stderr: query.flag("stderr"),
    detachKeys: query.text("detachKeys"),
  };
}

async function logs(backend: ContainerBackend, exchange: Exchange): Promise<void> {
  const { query } = exchange;
  const [stdout, stderr] = [query.flag("stdout"), query.flag("stderr")];
  if (!stdout && !stderr) throw new InvalidArgumentError("Bad parameters: you must choose at least one stream");
  const tail = query.text("tail");
  const session = await backend.containerLogs(exchange.parameter("id"), {
    stdout,
    stderr,
    follow: query.flag("follow"),
    since: query.seconds("since"),
    until: query.seconds("until"),
    timestamps: query.flag("timestamps"),
    details: query.flag("details"),
    // As in dockerd, what is no number means all.
    tail: /^\d+$/.test(tail) ? Number(tail) : null,
  });
  await exchange.sendLog(session);
}

/** As a stream, or one sample: with the one before it, a second earlier, unless it is asked for at once (`one-shot`, since API 1.41). */
async function stats(backend: ContainerBackend, exchange: Exchange): Promise<void> {
  const { query } = exchange;
  const stream = query.flag("stream", true);
  const oneShot = exchange.minorVersion >= 41 && query.flag("one-shot");
  if (stream && oneShot) throw new InvalidArgumentError("cannot have stream=true and one-shot=true");
  const stopped = new AbortController();
  const samples = await backend.containerStats(exchange.parameter("id"), AbortSignal.any([exchange.signal, stopped.signal]));
  if (stream) return exchange.sendLines(samples, { separator: "\n" });
  let last: unknown = {};
  try {
    let wanted = 0;
    for await (const sample of samples) {
      last = sample;
      wanted += 1;
      if (oneShot || wanted === 2 || !isCounted(sample)) break;
    }
  } finally {
    stopped.abort();
  }
  return exchange.sendJson(200, last);
}

/** Whether it is of a container that ran: of another a second sample says no more than the first. */
function isCounted(sample: unknown): boolean {
  return !(sample as { read: string }).read.startsWith("0001-");
}
