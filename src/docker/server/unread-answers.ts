import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How many bytes of answers may wait for their clients, all connections together. */
const MAX_UNREAD_BYTES = 32 << 20;

/**
 * The answers that clients have asked for and not taken yet. They are the engine's memory: a client may ask for thousands and read none, so from
 * some size on the next is only written when others were taken. A client that reads has its answer at once; one alone may be of any size.
 */
export class UnreadAnswers {
  #bytes = 0;
  readonly #waiting: { readonly response: ServerResponse; readonly send: () => number }[] = [];
  /** What each connection has not taken. */
  readonly #held = new Map<Socket, Map<ServerResponse, number>>();

  /** Calls `send`, which writes the whole answer and returns its bytes, now or when there is room; never when the client is gone by then. */
  add(response: ServerResponse, send: () => number): void {
    this.#waiting.push({ response, send });
    if (this.#waiting.length === 1) this.#sendWaiting();
  }

  #sendWaiting(): void {
    while (this.#bytes < MAX_UNREAD_BYTES) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (!next.response.req.socket.destroyed) this.#hold(next.response, next.send());
    }
  }

  #hold(response: ServerResponse, bytes: number): void {
    this.#bytes += bytes;
    const held = this.#heldBy(response.req.socket);
    held.set(response, bytes);
    response.once("close", () => {
      this.#bytes -= held.get(response) ?? 0;
      held.delete(response);
      this.#sendWaiting();
    });
  }

  /** An answer to a request that was sent before another was answered hears nothing of its connection's end. */
  #heldBy(socket: Socket): Map<ServerResponse, number> {
    const known = this.#held.get(socket);
    if (known !== undefined) return known;
    const held = new Map<ServerResponse, number>();
    this.#held.set(socket, held);
    socket.once("close", () => {
      for (const bytes of held.values()) this.#bytes -= bytes;
      held.clear();
      this.#held.delete(socket);
      this.#sendWaiting();
    });
    return held;
  }
}
