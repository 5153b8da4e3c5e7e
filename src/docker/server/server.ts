import { createServer, ServerResponse, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { duplexPair } from "../../base/duplex-pair.ts";
import { messageOf, NotFoundError } from "../../base/errors.ts";
import type { Engine } from "../api/engine.ts";
import { API_VERSION, MAX_MINOR, negotiateVersion } from "./api-version.ts";
import { Exchange } from "./exchange.ts";
import { closeGently } from "./hijack.ts";
import { statusOf } from "./http-status.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { Query } from "./query.ts";
import { Router, type Route } from "./router.ts";
import { routesOf } from "./routes.ts";
import { UnreadAnswers } from "./unread-answers.ts";

/** How long a client may go on sending a body that nobody reads any more. */
const UNREAD_BODY_MS = 2000;

/** As Go's servers: credentials for many registries are long. */
const MAX_HEADER_BYTES = 1 << 20;

export interface EngineServerOptions {
  /** Slipway's version, for the `Server` header. */
  readonly version: string;
  /** Hears of failures that are ours (status 500), for the engine's log. */
  readonly onError?: (error: unknown, what: string) => void;
  /** Served besides the API. */
  readonly routes?: readonly Route[];
}

/** Serves an engine as the Docker Engine API, over any number of connections. */
export class EngineServer {
  readonly #http: Server;
  readonly #router: Router;
  readonly #options: EngineServerOptions;
  readonly #connections = new Set<Socket>();
  readonly #unread = new UnreadAnswers();
  readonly #oneAtATime = new OneAtATime();
  #requests = 0;

  constructor(engine: Engine, options: EngineServerOptions) {
    this.#options = options;
    this.#router = new Router([...routesOf(engine), ...(options.routes ?? [])]);
    // Uploads, waits and sessions last as long as they last, and an idle connection is its client's to close.
    // As much as Node reads at once: with its own 16 KiB a large tar stops and goes on four times as often.
    this.#http = createServer({ requestTimeout: 0, keepAliveTimeout: 0, highWaterMark: 64 << 10, maxHeaderSize: MAX_HEADER_BYTES });
    this.#http.on("connection", (socket) => {
      this.#connections.add(socket);
      socket.on("close", () => this.#connections.delete(socket));
    });
    this.#http.on("request", (request, response) => {
      this.#closeAfterUnreadBody(request, response);
      this.#oneAtATime.add(request, response, () => void this.#serve(request, response, null));
    });
    this.#http.on("upgrade", (request, socket, head) => {
      // Without a listener a client's reset would be an uncaught exception.
      socket.on("error", () => undefined);
      if (head.length > 0) socket.unshift(head);
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.assignSocket(socket as Socket);
      response.on("finish", () => closeGently(socket));
      void this.#serve(request, response, socket);
    });
  }

  /** How many requests came until now. */
  get requests(): number {
    return this.#requests;
  }

  /** Open connections: none means that no client waits for anything. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Listens at a socket path that must not exist. @throws the system's error. */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(path, () => {
        this.#http.off("error", reject);
        resolve();
      });
    });
  }

  /** The client's end of a connection within this process. */
  connect(): Duplex {
    const [client, end] = duplexPair();
    this.#http.emit("connection", end);
    return client;
  }

  /** Stops listening and breaks every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      for (const socket of this.#connections) socket.destroy();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse, upgrade: Duplex | null): Promise<void> {
    this.#requests += 1;
    response.setHeader("Api-Version", API_VERSION);
    response.setHeader("Docker-Experimental", "false");
    response.setHeader("Ostype", "linux");
    response.setHeader("Server", `Slipway/${this.#options.version} (linux)`);
    response.on("error", () => undefined);
    try {
      const { path, query } = splitUrl(request.url ?? "/");
      const match = this.#router.match(request.method ?? "GET", path);
      if (!match) throw new NotFoundError("page not found");
      const minorVersion = match.version === null ? MAX_MINOR : negotiateVersion(match.version);
      const { parameters } = match;
      await match.handle(
        new Exchange({ request, response, parameters, query: new Query(query), minorVersion, upgrade, unread: this.#unread }),
      );
    } catch (error) {
      this.#fail(error, request, response);
    }
  }

  #fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    const status = statusOf(error);
    if (status === 500) this.#options.onError?.(error, `${request.method} ${request.url}`);
    // Half an answer must not look like a whole one.
    if (response.headersSent) return void response.destroy();
    if (status === 304) return void response.writeHead(304).end();
    const body = Buffer.from(`${JSON.stringify({ message: messageOf(error) })}\n`);
    response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
    if (request.complete) return void response.end(body);
    // Node closes a connection with its last answer: a client that is still sending would be told of a broken pipe instead of what is wrong.
    response.write(body);
    const end = (): void => void response.end();
    const timer = setTimeout(end, UNREAD_BODY_MS);
    for (const event of ["end", "close"]) request.once(event, () => clearTimeout(timer)).once(event, end);
    return void request.resume();
  }

  /** An answer that does not wait for the whole body ends the connection, else its client would go on sending for ever. */
  #closeAfterUnreadBody(request: IncomingMessage, response: ServerResponse): void {
    response.on("finish", () => {
      if (request.complete) return;
      request.resume();
      const timer = setTimeout(() => request.socket.destroy(), UNREAD_BODY_MS);
      timer.unref();
      request.once("close", () => clearTimeout(timer));
      request.once("end", () => clearTimeout(timer));
    });
  }
}

/** Cleans a path as Go's router does: no empty parts. @throws NotFoundError for what cannot be decoded. */
function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf("?");
  const raw = mark < 0 ? url : url.slice(0, mark);
  try {
    return { path: decodeURIComponent(raw).replaceAll(/\/{2,}/g, "/"), query: mark < 0 ? "" : url.slice(mark + 1) };
  } catch {
    throw new NotFoundError("page not found");
  }
}
