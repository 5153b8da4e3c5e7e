import * as http from "node:http";
import * as https from "node:https";
import { pipeline, type Readable } from "node:stream";
import { InternalError, messageOf } from "../../../base/errors.ts";
import { dialError } from "./go-errors.ts";
import { RefusedError } from "./refused-error.ts";
import type { TlsOptions } from "./registry-hosts.ts";

/** A registry that says nothing for so long is gone. */
const silenceMs = 60_000;

const redirectLimit = 5;

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "PUT";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable | Buffer;
  readonly signal?: AbortSignal;
  /** What a connection by TLS is made with, there and where redirects lead. */
  readonly tls?: (url: URL) => TlsOptions;
}

/** An answer whose body is still to be read or thrown away. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
  /** Where it came from, after redirects. */
  readonly url: URL;
}

/** Sends a request; redirects of GET and HEAD are followed, without credentials to another origin. @throws InternalError in Go's words. */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  let { url, headers = {} } = request;
  for (let redirects = 0; ; redirects++) {
    const answer = await sendOnce({ ...request, url, headers });
    const { location } = answer.headers;
    const moved = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
    if (!moved || (request.method !== "GET" && request.method !== "HEAD")) return answer;
    discard(answer);
    if (redirects === redirectLimit) throw new RefusedError(failureText(request, `stopped after ${redirectLimit} redirects`));
    const next = redirectTarget(location, url);
    if (!next) throw new RefusedError(failureText(request, `refusing to follow the redirect to ${JSON.stringify(location.slice(0, 200))}`));
    if (next.origin !== url.origin) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "authorization"));
    url = next;
  }
}

/** Reads a short body. @throws InternalError when it is longer than `limit` bytes. */
export async function readBody({ body, url }: HttpAnswer, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      body.destroy();
      throw new InternalError(`${url.href} answers with more than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Throws away a body that nobody reads. */
export function discard({ body }: HttpAnswer): void {
  body.on("error", () => {});
  body.destroy();
}

/** Where a redirect leads; null where it must not: to another protocol, or out of TLS. */
export function redirectTarget(location: string, from: URL): URL | null {
  if (!URL.canParse(location, from.href)) return null;
  const target = new URL(location, from);
  if (target.protocol !== "https:" && target.protocol !== "http:") return null;
  if (from.protocol === "https:" && target.protocol === "http:") return null;
  // What an address names in front of an @ would become credentials.
  target.username = target.password = "";
  return target;
}

function sendOnce(request: HttpRequest): Promise<HttpAnswer> {
  const { method, url, headers, body, signal, tls } = request;
  return new Promise((resolve, reject) => {
    const isTls = url.protocol === "https:";
    const options = { method, headers, agent: false, ...(signal && { signal }), ...(isTls && tls?.(url)) } as const;
    const outgoing = (isTls ? https : http).request(url, options, (response) => {
      resolve({
        status: response.statusCode ?? 0,
        statusText: response.statusMessage ?? "",
        headers: response.headers,
        body: response,
        url,
      });
    });
    outgoing.setTimeout(silenceMs, () => outgoing.destroy(new Error("net/http: timeout awaiting response")));
    outgoing.on("error", (error) =>
      reject(signal?.aborted === true ? error : new InternalError(failureText(request, dialError(error, url)), { cause: error })),
    );
    if (body === undefined || Buffer.isBuffer(body)) outgoing.end(body);
    // The request tells of what goes wrong.
    else pipeline(body, outgoing, () => {});
  });
}

/** Go's form: `Get "http://localhost:5999/v2/": …`. */
export function failureText({ method, url }: Pick<HttpRequest, "method" | "url">, why: string): string {
  return `${method.charAt(0)}${method.slice(1).toLowerCase()} "${url.href}": ${why}`;
}

/** `500 Internal Server Error`. */
export function statusLine({ status, statusText }: HttpAnswer): string {
  const text = statusText || http.STATUS_CODES[status] || "";
  return messageOf(`${status} ${text}`.trim());
}
