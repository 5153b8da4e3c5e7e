import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Serves the requests of a connection in their order and one at a time, as Go's servers do: Node hands over all that a client sends ahead at once, and
 * each would be worked on and its answer kept. So they cost nothing until those before are answered and taken, and nothing at all when their client leaves.
 */
export class OneAtATime {
  readonly #latest = new WeakMap<Socket, ServerResponse>();

  /** Calls `serve` now, or when the connection's earlier requests are answered; never when it is gone by then. */
  add({ socket }: IncomingMessage, response: ServerResponse, serve: () => void): void {
    const before = this.#latest.get(socket);
    this.#latest.set(socket, response);
    response.once("close", () => {
      if (this.#latest.get(socket) === response) this.#latest.delete(socket);
    });
    if (before === undefined) return serve();
    before.once("close", () => {
      if (!socket.destroyed) serve();
    });
  }
}
