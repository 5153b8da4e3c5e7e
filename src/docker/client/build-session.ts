import { randomUUID } from "node:crypto";
import { createServer, type ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { decodeField, encodeField, getSecretMethod, grpcFrame, grpcMessage, grpcStatus, healthMethod } from "../api/build-session.ts";

/** The client's end of a build's session. */
export interface BuildSession extends AsyncDisposable {
  readonly id: string;
}

/**
 * Serves a build's secrets over a connection that the daemon was given by `POST /session`, as BuildKit's clients do: the daemon asks for
 * each by name, over HTTP/2, when a step needs it. What it does not ask for never leaves this process.
 */
export async function serveSecrets(secrets: ReadonlyMap<string, Buffer>, connect: (id: string) => Promise<Duplex>): Promise<BuildSession> {
  const id = randomUUID().replaceAll("-", "");
  const socket = await connect(id);
  const server = createServer();
  server.on("stream", (stream, headers) => void answer(stream, String(headers[":path"]), secrets));
  server.on("sessionError", () => undefined);
  socket.on("error", () => undefined);
  server.emit("connection", socket);
  return {
    id,
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
}

async function answer(stream: ServerHttp2Stream, path: string, secrets: ReadonlyMap<string, Buffer>): Promise<void> {
  stream.on("error", () => undefined);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    const message = grpcMessage(Buffer.concat(chunks));
    if (path === healthMethod) reply(stream, Buffer.from([8, 1]));
    else if (path !== getSecretMethod) refuse(stream, grpcStatus.unimplemented, `unknown method ${path}`);
    else {
      const name = decodeField(message).toString();
      const secret = secrets.get(name);
      if (secret === undefined) refuse(stream, grpcStatus.notFound, `secret ${name} not found`);
      else reply(stream, encodeField(secret));
    }
  } catch {
    // The daemon broke off: it will not wait for an answer.
    stream.destroy();
  }
}

function reply(stream: ServerHttp2Stream, message: Buffer): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(grpcStatus.ok) }));
  stream.end(grpcFrame(message));
}

function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  const headers = {
    ":status": 200,
    "content-type": "application/grpc",
    "grpc-status": String(status),
    "grpc-message": encodeURIComponent(message),
  };
  stream.respond(headers, { endStream: true });
}
