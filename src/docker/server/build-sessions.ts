import { connect, type ClientHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { InvalidArgumentError, UnavailableError } from "../../base/errors.ts";
import { decodeField, encodeField, getSecretMethod, grpcFrame, grpcMessage, grpcStatus } from "../api/build-session.ts";

/** BuildKit's own limit for a secret. */
const secretLimit = 500 * 1024;

const patienceMs = 20_000;

interface Session {
  readonly http: ClientHttp2Session;
  readonly methods: ReadonlySet<string>;
}

/** The sessions that clients of builds hold open (`POST /session`): the engine asks them for what builds need. */
export class BuildSessions {
  readonly #sessions = new Map<string, Session>();

  /** Takes a connection over; the session lasts as long as it. @throws InvalidArgumentError when there is one of this name. */
  add(id: string, methods: readonly string[], socket: Duplex): void {
    if (this.#sessions.has(id)) throw new InvalidArgumentError(`session ${id} already exists`);
    const http = connect("http://localhost", { createConnection: () => socket });
    this.#sessions.set(id, { http, methods: new Set(methods) });
    const forget = (): void => {
      this.#sessions.delete(id);
      http.destroy();
    };
    http.on("error", () => undefined);
    http.on("close", forget);
    socket.on("close", forget);
  }

  /** The client's secret of this name; null when it has none. @throws UnavailableError when the client is gone or does not answer. */
  async secret(id: string, name: string): Promise<Buffer | null> {
    const session = this.#sessions.get(id);
    if (!session) throw new UnavailableError(`no active session for ${id}: context deadline exceeded`);
    if (!session.methods.has(getSecretMethod)) return null;
    return await ask(session.http, name);
  }
}

function ask(http: ClientHttp2Session, name: string): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown): void => {
      stream.close();
      reject(new UnavailableError(`cannot read secret ${name}: ${why}`, { cause }));
    };
    const stream = http.request({ ":method": "POST", ":path": getSecretMethod, "content-type": "application/grpc", te: "trailers" });
    stream.setTimeout(patienceMs, () => fail("the client does not answer"));
    stream.on("error", (error) => fail(error.message, error));
    const chunks: Buffer[] = [];
    let size = 0;
    let status = "";
    const read = (headers: Readonly<Record<string, unknown>>): void => {
      const given = headers["grpc-status"];
      if (typeof given === "string" || typeof given === "number") status = String(given);
    };
    stream.on("response", read);
    stream.on("trailers", read);
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > secretLimit + 64) fail(`larger than ${secretLimit} bytes`);
      else chunks.push(chunk);
    });
    stream.on("close", () => {
      if (status === String(grpcStatus.notFound)) resolve(null);
      else if (status !== String(grpcStatus.ok)) fail(`status ${status === "" ? "unknown" : status}`);
      else {
        try {
          resolve(decodeField(grpcMessage(Buffer.concat(chunks))));
        } catch (error) {
          fail("a malformed answer", error);
        }
      }
    });
    stream.end(grpcFrame(encodeField(name)));
  });
}
