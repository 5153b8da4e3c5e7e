import type { Duplex } from "node:stream";
import type { StreamSession } from "../api/engine.ts";
import { frameWriter, rawWriter } from "./frames.ts";
import { detached } from "./request-body.ts";

/** A client that keeps writing after the session's end is cut off then. */
const LINGER_MS = 1000;

export interface HijackOptions {
  readonly socket: Duplex;
  readonly contentType: string;
  readonly signal: AbortSignal;
  /** Whether the client's bytes are the session's input; otherwise they are thrown away. */
  readonly stdin: boolean;
  /** What the client reads when the session fails. */
  readonly onError?: (error: unknown) => string;
}

/**
 * Answers `101 UPGRADED` and runs the session on the connection. The client's half-close ends the input alone; the session's end
 * closes the connection after all output was taken.
 */
export async function runHijacked(session: StreamSession, options: HijackOptions): Promise<void> {
  const { socket } = options;
  socket.write(`HTTP/1.1 101 UPGRADED\r\nContent-Type: ${options.contentType}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`);
  const stdin = options.stdin ? detached(socket) : null;
  if (!stdin) socket.resume();
  const [stdout, stderr] = session.tty
    ? [rawWriter(socket), rawWriter(socket)]
    : [frameWriter(socket, "stdout"), frameWriter(socket, "stderr")];
  // Output to a client that is gone fails here and in the session, which hears of it by the signal.
  for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
  try {
    await session.run({ stdin, stdout, stderr, signal: options.signal });
  } catch (error) {
    if (options.onError && !socket.destroyed) socket.write(options.onError(error));
  } finally {
    socket.unpipe();
    closeGently(socket);
  }
}

/** Ends our side and reads on for a moment: closing with unread input would make the client lose the last output. */
export function closeGently(socket: Duplex): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
  socket.end();
  socket.resume();
}
