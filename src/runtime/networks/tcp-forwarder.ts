import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { join } from "node:path";

/** A listening socket, and the port of the container's that its connections are for. */
export interface Listener {
  readonly fd: number;
  readonly containerPort: number;
}

/** The process that passes a container's published TCP connections on; see forward.pl. */
export class TcpForwarder {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;

  /** Takes the sockets over. `program` is forward.pl's path, `address` the container's. */
  constructor(listeners: readonly Listener[], address: string, program = join(import.meta.dirname, "forward.pl")) {
    const ports = listeners.map(({ containerPort }) => String(containerPort));
    try {
      this.#child = spawn("perl", ["-w", program, ...ports], {
        stdio: ["pipe", "ignore", "inherit", ...listeners.map(({ fd }) => fd)],
        cwd: "/",
        env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
      });
    } finally {
      for (const { fd } of listeners) closeSync(fd);
    }
    if (this.#child.pid === undefined) {
      // The event has the reason, but comes too late for who waits.
      this.#child.on("error", () => undefined);
      throw new Error(`cannot start what passes on ${listeners.length} ports`);
    }
    // One that is gone has nothing to be told.
    this.#child.on("error", (error) => process.stderr.write(`slipway: a published port: ${error.message}\n`));
    this.#child.stdin?.on("error", () => undefined);
    this.#gone = new Promise((resolve) => {
      for (const event of ["exit", "error"]) this.#child.once(event, () => resolve());
    });
    this.retarget(address);
  }

  /** New connections go there from now on. */
  retarget(address: string): void {
    this.#child.stdin?.write(`${address}\n`);
  }

  /** Ends it, with every connection; its ports are free when this resolves. */
  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#gone;
  }
}
