import { setTimeout } from "node:timers/promises";
import { discard, send, type HttpAnswer, type HttpRequest } from "./http.ts";

/** A registry that wants us away for longer is told of instead. */
const longestMs = 60_000;

/** How often one request waits. */
const attemptLimit = 4;

/** Milliseconds that a registry which has too much to do (429, 503) asks to wait (RFC 9110 10.2.3); null when it does not, or for too long. */
export function retryAfter({ status, headers }: Pick<HttpAnswer, "status" | "headers">, now: number): number | null {
  const value = headers["retry-after"]?.trim();
  if ((status !== 429 && status !== 503) || value === undefined || value === "") return null;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) || wait > longestMs ? null : Math.max(0, wait);
}

/** Sends `request`, again when the registry says when; a body that streams is sent but once. @throws InternalError in Go's words. */
export async function patiently(request: HttpRequest): Promise<HttpAnswer> {
  for (let attempts = 1; ; attempts++) {
    const answer = await send(request);
    const wait = retryAfter(answer, Date.now());
    const canRepeat = request.body === undefined || Buffer.isBuffer(request.body);
    if (wait === null || !canRepeat || attempts === attemptLimit) return answer;
    discard(answer);
    await setTimeout(wait, undefined, request.signal && { signal: request.signal });
  }
}
