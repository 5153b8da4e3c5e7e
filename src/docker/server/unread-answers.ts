import type { ServerResponse } from "node:http";

/** How many bytes of answers may wait for their clients, all connections together. */
const MAX_UNREAD_BYTES = 32 << 20;

/** What an answer is taken for while it is made. */
const UNKNOWN_BYTES = 1 << 20;

/**
 * The answers that clients have asked for and not taken yet. They are the engine's memory: a client may ask for thousands and read none, so from
 * some size on the next is only made and written when others were taken. A client that reads has its answer at once; one alone may be of any size.
 */
export class UnreadAnswers {
  #bytes = 0;
  readonly #held = new Map<ServerResponse, number>();
  readonly #waiting: { readonly response: ServerResponse; readonly proceed: () => void }[] = [];

  /** Waits until there is room for an answer that is still to be made, and keeps it. When the client leaves before, the wait has no end. */
  async room(response: ServerResponse): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#inTurn(response, () => {
        this.#hold(response, UNKNOWN_BYTES);
        resolve();
      });
    });
  }

  /** Calls `send`, which writes the whole answer and returns its bytes, now or when there is room; never when the client is gone by then. */
  add(response: ServerResponse, send: () => number): void {
    const write = (): void => this.#hold(response, send());
    if (this.#held.has(response)) write();
    else this.#inTurn(response, write);
  }

  #inTurn(response: ServerResponse, proceed: () => void): void {
    this.#waiting.push({ response, proceed });
    if (this.#waiting.length === 1) this.#proceed();
  }

  #proceed(): void {
    while (this.#bytes < MAX_UNREAD_BYTES) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (!next.response.req.socket.destroyed) next.proceed();
    }
  }

  #hold(response: ServerResponse, bytes: number): void {
    const before = this.#held.get(response);
    this.#held.set(response, bytes);
    this.#bytes += bytes - (before ?? 0);
    if (before !== undefined) return;
    response.once("close", () => {
      this.#bytes -= this.#held.get(response) ?? 0;
      this.#held.delete(response);
      this.#proceed();
    });
  }
}
