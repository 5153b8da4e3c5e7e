import { closeSync } from "node:fs";
import { cFunction } from "./libc.ts";

/** These have one number on every architecture (asm-generic/unistd.h). */
const PIDFD_SEND_SIGNAL = 424;
const PIDFD_OPEN = 434;
const PIDFD_GETFD = 438;

const call = cFunction("syscall", "int64_t", ["int64_t", "int64_t", "int64_t", "int64_t", "int64_t"]);

/** A process, held by a descriptor: what is sent to it never reaches another that got its number later. */
export class Pidfd {
  readonly #fd: number;

  /** @throws as pidfd_open(2), `ESRCH` when it is gone. */
  constructor(pid: number) {
    this.#fd = call(PIDFD_OPEN, pid, 0, 0, 0);
  }

  /** @throws as kill(2). */
  signal(signal: number): void {
    call(PIDFD_SEND_SIGNAL, this.#fd, signal, 0, 0);
  }

  /** A copy of the process's descriptor `fd`, close-on-exec. @throws as pidfd_getfd(2). */
  descriptor(fd: number): number {
    return call(PIDFD_GETFD, this.#fd, fd, 0, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
