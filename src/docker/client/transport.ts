import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream";
import { ANSWER_LIMIT, answerTooLarge } from "./answer-limit.ts";
import { errorFromConnection, errorFromRefusedUpgrade, errorFromResponse } from "./api-error.ts";
import type { DockerHost } from "./docker-host.ts";

/** Left out: undefined, null, "" and false. True is `1`, an object is JSON, a list repeats the key. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | object | null | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as `application/json`. */
  readonly json?: unknown;
  /** Sent chunked, as `application/x-tar`. */
  readonly body?: Readable;
  /** The answer is a tar, or what is sent: worth a way of its own, where there is one. */
  readonly bulk?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The two-way stream of attach and exec. `end()` closes the container's stdin while its output goes on. */
export interface HijackedStream {
  readonly stream: Duplex;
  /** True when the daemon says that stdout and stderr come in frames; daemons before API 1.42 never say. */
  readonly contentType: string;
}

/** HTTP to one daemon, a connection a request, so that nothing keeps the process alive. */
export class Transport {
  readonly host: DockerHost;
  readonly #gone: AbortSignal | undefined;
  readonly #connect: (() => Duplex) | undefined;

  /**
   * @param gone aborted when nobody waits for answers any more: breaks every request, and refuses those to come.
   * @param connect a connection to the daemon that is better than its socket for large bodies, when it is in this process.
   */
  constructor(host: DockerHost, gone?: AbortSignal, connect?: () => Duplex) {
    this.host = host;
    this.#gone = gone;
    this.#connect = connect;
  }

  /**
   * Sends a request and resolves at the answer's headers; below status 400 the body is the caller's to read.
   * @throws SlipwayError with the daemon's message from status 400 on, UnavailableError when nobody answers.
   */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
    const request = this.#open(method, path, options, {});
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      let answered = false;
      request.on("response", (message) => {
        answered = true;
        resolve(message);
      });
      // The daemon may answer, with a refusal, before it took the whole body; what breaks then is no news.
      request.on("error", (error) => {
        if (!answered) reject(errorFromConnection(error, this.host));
      });
      if (!options.body) request.end(options.json === undefined ? undefined : JSON.stringify(options.json));
      else {
        const source = options.body;
        request.flushHeaders();
        pipeline(source, request, (error) => {
          if (error && !answered && source.errored === error) reject(error);
        });
      }
    });
    const status = response.statusCode ?? 0;
    if (status >= 400) throw errorFromResponse(status, await textOf(response));
    return response;
  }

  /** Sends a request and reads the whole answer as JSON; undefined when it has no body. @throws InternalError */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const text = await textOf(await this.send(method, path, options));
    return (text.trim() === "" ? undefined : JSON.parse(text)) as T;
  }

  /**
   * Asks the daemon to turn the connection into a raw two-way stream. Errors as {@link send}, but what is no upgrade is told by its status
   * alone, as docker does; the daemon's own words are its cause.
   */
  hijack(path: string, options: RequestOptions = {}): Promise<HijackedStream> {
    const protocol = options.headers?.["upgrade"] ?? "tcp";
    const request = this.#open("POST", path, options, { connection: "Upgrade", upgrade: protocol });
    return new Promise((resolve, reject) => {
      request.on("error", (error) => reject(errorFromConnection(error, this.host)));
      request.on("upgrade", (message, stream, head) => {
        if (head.length > 0) stream.unshift(head);
        resolve({ stream, contentType: headerOf(message.headers, "content-type") });
      });
      request.on("response", (message) => {
        textOf(message).then((text) => reject(errorFromRefusedUpgrade(message.statusCode ?? 0, text, protocol)), reject);
      });
      request.end(options.json === undefined ? undefined : JSON.stringify(options.json));
    });
  }

  #open(method: string, path: string, options: RequestOptions, headers: Record<string, string>): ClientRequest {
    const target = this.host;
    const signals = [this.#gone, options.signal].filter((signal) => signal !== undefined);
    const connect = options.body || options.bulk === true ? this.#connect : undefined;
    const content = options.body ? "application/x-tar" : options.json === undefined ? undefined : "application/json";
    return httpRequest({
      ...("socketPath" in target ? { socketPath: target.socketPath } : { host: target.hostname, port: target.port }),
      ...noTls,
      method,
      path: path + encodeQuery(options.query ?? {}),
      ...(connect ? { createConnection: connect } : { agent: false }),
      headers: {
        // Docker's own clients name a host that cannot exist when they speak over a socket file.
        host: "socketPath" in target ? "api.moby.localhost" : `${target.hostname}:${target.port}`,
        "user-agent": "Slipway-Client",
        ...(content !== undefined && { "content-type": content }),
        ...headers,
        ...options.headers,
      },
      ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    });
  }
}

/** Else Node, for a name for TLS, looks whether the host is an address: by patterns that take 5 ms to compile, a tenth of a docker command. */
const noTls = { servername: "" };

/** A path of the API with its parts encoded; image names keep their slashes. */
export function apiPath(strings: TemplateStringsArray, ...names: readonly string[]): string {
  const encode = (name: string): string => encodeURIComponent(name.replace(/^\/+/, "")).replaceAll("%2F", "/").replaceAll("%3A", ":");
  return String.raw({ raw: strings }, ...names.map(encode));
}

function encodeQuery(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "" || value === false) continue;
    if (Array.isArray(value)) for (const each of value as readonly string[]) parameters.append(key, each);
    else if (value === true) parameters.append(key, "1");
    else parameters.append(key, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_LIMIT) throw answerTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
