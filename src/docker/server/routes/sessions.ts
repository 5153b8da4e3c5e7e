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
    // As in dockerd, what is no number means all.
    tail: /^\d+$/.test(tail) ? Number(tail) : null,
  });
  await exchange.sendLog(session);
}

async function stats(backend: ContainerBackend, exchange: Exchange): Promise<void> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([exchange.signal, stopped.signal]);
  const samples = await backend.containerStats(exchange.parameter("id"), signal);
  if (exchange.query.flag("stream", true)) return exchange.sendLines(samples, { separator: "\n" });
  try {
    for await (const sample of samples) return exchange.sendJson(200, sample);
  } finally {
    stopped.abort();
  }
  return exchange.sendJson(200, {});
}
