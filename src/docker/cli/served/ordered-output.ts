import { Writable, type Duplex } from "node:stream";
import { writeFrame } from "./frames.ts";

/**
 * One of a served command's outputs. Both share the connection and may share a file at its other end, so what is written goes to the connection
 * at once, in the order of the calls: nothing waits in here, where the other output would overtake it. How much the connection still has
 * to send decides when `write` asks to wait.
 */
export class OrderedOutput extends Writable {
  readonly #socket: Duplex;
  readonly #type: string;
  #waitedFor = false;

  /** @param type the letter of its frames. */
  constructor(socket: Duplex, type: string) {
    // No limit of its own: it never holds anything.
    super({ highWaterMark: Number.MAX_SAFE_INTEGER });
    this.#socket = socket;
    this.#type = type;
    // An accessor of Node's class, which its types call a property.
    Object.defineProperty(this, "writableNeedDrain", { get: () => this.#waitedFor });
    socket.on("drain", () => {
      if (!this.#waitedFor) return;
      this.#waitedFor = false;
      this.emit("drain");
    });
    // What is copied to it ends then. Nobody is there to hear what cannot be written: the signal ends the command.
    socket.on("close", () => this.destroy());
    this.on("error", () => undefined);
  }

  // Both forms of `Writable.write` in one: its second word may be the callback.
  override write(chunk: unknown, ...rest: readonly unknown[]): boolean {
    super.write(chunk, ...(rest as []));
    this.#waitedFor ||= this.#socket.writable && this.#socket.writableNeedDrain;
    return !this.#waitedFor;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (chunk.length > 0 && this.#socket.writable) writeFrame(this.#socket, this.#type, chunk);
    done();
  }
}
