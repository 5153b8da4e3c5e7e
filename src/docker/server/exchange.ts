import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pipeline, type Duplex, type Readable } from "node:stream";
import { InvalidArgumentError, messageOf } from "../../base/errors.ts";
import type { StreamSession } from "../api/engine.ts";
import type { JsonMessage } from "../api/types.ts";
import { frameWriter, rawWriter } from "./frames.ts";
import { runHijacked } from "./hijack.ts";
import type { Query } from "./query.ts";
import { detached, MAX_JSON_BYTES, parseJsonBody, peek, readBody, readBodyBeforeUpgrade } from "./request-body.ts";
import { checkShape, type Shape } from "./check-shape.ts";
import { mapsInOrder } from "./maps-in-order.ts";
import type { UnreadAnswers } from "./unread-answers.ts";

const RAW = "application/vnd.docker.raw-stream";
const MULTIPLEXED = "application/vnd.docker.multiplexed-stream";

/** How long a client that has its answer may go on sending. */
const MAX_UNREAD_MS = 5000;

export interface ExchangeParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The parts of the path that stand in braces in the route. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Query;
  /** The API version that the client asked for, 41 for v1.41. */
  readonly minorVersion: number;
  /** The connection of a request with `Upgrade:`, read up to its body. */
  readonly upgrade: Duplex | null;
  readonly unread: UnreadAnswers;
}

/** One request and its answer, in the few forms that the API has. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: Query;
  readonly minorVersion: number;
  /** Aborted when the client went away before the answer was complete. */
  readonly signal: AbortSignal;
  readonly #parameters: Readonly<Record<string, string>>;
  #bodyWasRead = false;
  readonly #upgrade: Duplex | null;
  readonly #unread: UnreadAnswers;

  constructor(parts: ExchangeParts) {
    this.request = parts.request;
    this.response = parts.response;
    this.query = parts.query;
    this.minorVersion = parts.minorVersion;
    this.#parameters = parts.parameters;
    this.#upgrade = parts.upgrade;
    this.#unread = parts.unread;
    const gone = new AbortController();
    this.signal = gone.signal;
    const leave = (): void => gone.abort(new Error("the client went away"));
    if (this.#upgrade) this.#upgrade.once("close", leave);
    else
      this.response.once("close", () => {
        if (!this.response.writableFinished) leave();
      });
  }

  /** A part of the path, as `{id}` in the route. */
  parameter(name: string): string {
    return this.#parameters[name] ?? "";
  }

  header(name: string): string {
    const value = this.request.headers[name];
    return typeof value === "string" ? value : "";
  }

  /** The body as JSON, checked against `shape`; `whenEmpty` when there is none. @throws InvalidArgumentError */
  async readJson<T>(type: string, shape: Shape, whenEmpty?: T): Promise<T> {
    // What has no type is taken for JSON, which dockerd does only when it is empty.
    const [contentType = ""] = this.header("content-type").split(";");
    const upgrade = this.#upgrade;
    const body = upgrade ? await this.#bodyBefore(upgrade) : await readBody(this.request, MAX_JSON_BYTES);
    if (body.length > 0 && contentType.trim() !== "" && contentType.trim().toLowerCase() !== "application/json") {
      throw new InvalidArgumentError(`unsupported Content-Type header (${contentType.trim()}): must be 'application/json'`);
    }
    const value = parseJsonBody(body);
    if ((value === undefined || value === null) && whenEmpty !== undefined) return whenEmpty;
    return checkShape(type, value ?? {}, shape) as T;
  }

  /** The body, a tar: compressed or not, as it came, since whoever unpacks it watches how much it becomes. */
  tar(): Readable {
    return this.request;
  }

  /** The same for who may stop in the middle and still has something to say: the connection stays. */
  tarApart(): Readable {
    return detached(this.request);
  }

  sendJson(status: number, value: unknown): void {
    this.#unread.add(this.response, () => {
      const body = Buffer.from(`${JSON.stringify(value, mapsInOrder)}\n`);
      this.response.writeHead(status, { "content-type": "application/json", "content-length": body.length }).end(body);
      return body.length;
    });
  }

  /** The same for what takes memory to make, as lists do: it is made when there is room for it. */
  async sendMade(status: number, make: () => Promise<unknown>): Promise<void> {
    await this.#unread.room(this.response);
    this.sendJson(status, await make());
  }

  sendEmpty(status: number): void {
    this.response.writeHead(status, status === 204 ? {} : { "content-length": 0 }).end();
  }

  /**
   * Sends values as they come, one a line. An error before the first is thrown; a later one is told in the stream with `describe`,
   * or else breaks the connection.
   */
  async sendLines<T>(values: AsyncIterable<T>, options: { separator: string; describe?: (error: unknown) => JsonMessage }): Promise<void> {
    const iterator = values[Symbol.asyncIterator]();
    const stop = (): void => void iterator.return?.(undefined).catch(() => undefined);
    this.signal.addEventListener("abort", stop, { once: true });
    try {
      let next = await iterator.next();
      if (!this.response.headersSent) this.response.writeHead(200, { "content-type": "application/json" });
      while (!next.done && !this.signal.aborted) {
        await this.#write(`${JSON.stringify(next.value)}${options.separator}`);
        next = await iterator.next();
      }
    } catch (error) {
      if (!this.response.headersSent || !options.describe) throw error;
      await this.#write(`${JSON.stringify(options.describe(error))}${options.separator}`);
    } finally {
      this.signal.removeEventListener("abort", stop);
      stop();
    }
    await this.#takeRest();
    this.response.end();
  }

  /** Node closes a connection with its answer: a client that still sends would be told of a broken pipe instead of what is wrong. */
  async #takeRest(): Promise<void> {
    const { request } = this;
    if (request.complete || request.destroyed || this.response.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, MAX_UNREAD_MS);
      for (const event of ["end", "close"]) request.once(event, () => clearTimeout(timer)).once(event, resolve);
      request.resume();
    });
  }

  /** The progress of pull, push, import, load and build; an error on the way is its last message. */
  sendMessages(messages: AsyncIterable<JsonMessage>): Promise<void> {
    const describe = (error: unknown): JsonMessage => ({ errorDetail: { message: messageOf(error) }, error: messageOf(error) });
    return this.sendLines(messages, { separator: "\r\n", describe });
  }

  /** Sends a tar as fast as the client takes it. An error before its first byte is thrown, a later one breaks the connection. */
  async sendTar(tar: Readable, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await peek(tar);
    this.response.writeHead(200, { "content-type": "application/x-tar", ...headers });
    await new Promise<void>((resolve) => {
      pipeline(tar, this.response, () => resolve());
    });
  }

  /** Sends a log: an answer that ends with the session. */
  async sendLog(session: StreamSession): Promise<void> {
    this.response.writeHead(200, { "content-type": this.#contentType(session) });
    this.response.flushHeaders();
    await this.#run(session, null);
    this.response.end();
  }

  /**
   * Runs a session on this connection: after 101 as a raw two-way stream, or, for a client that did not ask for that, as an answer
   * of unknown length, where a chunked request body is the input.
   */
  async runSession(session: StreamSession, options: { stdin: boolean; onError?: (error: unknown) => string }): Promise<void> {
    const contentType = this.#contentType(session);
    if (this.#upgrade) {
      const socket = this.#upgrade;
      // Some clients send a body that nobody asked for, which is no input.
      await this.#bodyBefore(socket);
      this.response.detachSocket(socket as Socket);
      return runHijacked(session, { socket, contentType, signal: this.signal, ...options });
    }
    this.response.shouldKeepAlive = false;
    this.response.useChunkedEncodingByDefault = false;
    this.response.writeHead(200, { "content-type": contentType });
    this.response.flushHeaders();
    try {
      await this.#run(session, options.stdin ? this.request : null);
    } catch (error) {
      if (!options.onError) throw error;
      await this.#write(options.onError(error));
    }
    this.response.end();
    return undefined;
  }

  /** Runs a session on this connection as a web socket. @throws InvalidArgumentError for a client that did not ask for one. */
  async runWebSocketSession(session: StreamSession, options: { stdin: boolean }): Promise<void> {
    const socket = this.#upgrade;
    if (!socket || this.header("upgrade").toLowerCase() !== "websocket") throw new InvalidArgumentError("not websocket protocol");
    // Few clients come this way.
    const { acceptWebSocket, runWebSocket } = await import("./web-socket.ts");
    const answer = acceptWebSocket(this.header("sec-websocket-key"), this.header("sec-websocket-version"));
    this.response.detachSocket(socket as Socket);
    socket.write(answer);
    return runWebSocket(session, socket, { signal: this.signal, ...options });
  }

  /**
   * Gives a client that asked for an upgrade what it asked for: the body, and then the connection, which is the caller's to close.
   * @throws InvalidArgumentError for one that did not ask.
   */
  async takeOver(): Promise<{ body: Buffer; socket: Duplex }> {
    const socket = this.#upgrade;
    if (!socket) throw new InvalidArgumentError("this needs an upgrade of the connection");
    const body = await this.#bodyBefore(socket);
    this.response.detachSocket(socket as Socket);
    socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: " + this.header("upgrade") + "\r\n\r\n");
    return { body, socket };
  }

  /** What stands before the stream on an upgraded connection; empty once it was read. */
  #bodyBefore(socket: Duplex): Promise<Buffer> {
    const length = this.#bodyWasRead ? 0 : Number(this.header("content-length") || 0);
    this.#bodyWasRead = true;
    return readBodyBeforeUpgrade(socket, length);
  }

  #contentType(session: StreamSession): string {
    return !session.tty && this.minorVersion >= 42 ? MULTIPLEXED : RAW;
  }

  #run(session: StreamSession, stdin: Readable | null): Promise<void> {
    const output = this.response;
    const [stdout, stderr] = session.tty
      ? [rawWriter(output), rawWriter(output)]
      : [frameWriter(output, "stdout"), frameWriter(output, "stderr")];
    return session.run({ stdin, stdout, stderr, signal: this.signal });
  }

  #write(text: string): Promise<void> {
    return new Promise((resolve) => {
      // A client that is gone is told by the signal; its write is not an error of ours.
      if (!this.response.write(text) && !this.response.destroyed) this.response.once("drain", resolve).once("close", resolve);
      else resolve();
    });
  }
}
