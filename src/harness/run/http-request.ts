import { request as send, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../base/errors.ts";
import { parseDuration } from "../scenario/duration.ts";
import { parseHttpUrl } from "../scenario/http-url.ts";
import type { HttpRequest } from "../scenario/scenario.generated.ts";
import type { HttpAnswerFacts } from "./observe/observation.ts";
import type { Tunnel } from "./tunnel.ts";
import { say, type Said } from "../plan/sayings.ts";

const DEFAULT_TIMEOUT_MS = 5_000;
/** How long after a hang-up the program may take to tell why. */
const REASON_MS = 1_000;
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * One HTTP/1.1 request through `connect`. Redirects are not followed. Nobody there, no answer in time, or no HTTP: the reason.
 * @param address instead of the url's host.
 * @throws the signal's reason when aborted.
 */
export async function requestHttp(
  expected: HttpRequest,
  {
    connect,
    address,
    signal,
    limitMs = Infinity,
  }: {
    readonly connect: (host: string, port: number) => Tunnel;
    readonly address: string | null;
    readonly signal: AbortSignal;
    readonly limitMs?: number;
  },
): Promise<HttpAnswerFacts | Said> {
  const { url: text, method = "GET", headers = {}, body, timeout } = typeof expected === "string" ? { url: expected } : expected;
  const url = parseHttpUrl(text);
  const timeoutMs = Math.min(timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDuration(timeout), limitMs);
  const tunnel = connect(address ?? url.hostname.replace(/^\[|\]$/g, ""), url.port === "" ? 80 : Number(url.port));
  const limit = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
  const stop = AbortSignal.any([limit, signal]);
  stop.addEventListener("abort", tunnel.close, { once: true });
  try {
    const answered = new Promise<HttpAnswerFacts>((resolve, reject) => {
      // As curl and browsers do: a CGI script ends its header lines by a line feed alone (RFC 9112, 2.2).
      const request = send(url, { method, headers, signal: stop, createConnection: () => tunnel.stream, insecureHTTPParser: true });
      request.once("error", reject);
      request.once("response", (response) => {
        factsOf(response).then(resolve, reject);
      });
      request.end(body);
    });
    answered.catch(() => undefined);
    return await answered;
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return say("no answer within {0} ms", timeoutMs);
    // A hang-up may be all there is to see of a connection that never was; its program is about to say why.
    const reason = (await Promise.race([tunnel.refused, sleep(REASON_MS, null)])) ?? messageOf(error);
    return { en: reason, zh: reason };
  } finally {
    stop.removeEventListener("abort", tunnel.close);
    tunnel.close();
  }
}

async function factsOf(response: IncomingMessage): Promise<HttpAnswerFacts> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")] as const);
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString("utf8") };
}
