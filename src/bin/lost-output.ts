import { closeSync, fstatSync, openSync } from "node:fs";
import { isatty } from "node:tty";

let whenLost: (error: NodeJS.ErrnoException) => void = (error) => {
  // `slipway list | head -1`: nobody reads on, and that is no error of ours.
  process.exit(error.code === "EPIPE" ? 0 : 1);
};

/** What is done when nobody reads any more what we print, or the terminal is gone: in place of ending at once. May be called several times. */
export function onLostOutput(handle: () => void): void {
  whenLost = handle;
}

/** Listens for the end of those who read this process's streams. */
export function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      leaveHungTerminal();
      whenLost(error);
    });
  }
}

let isLeaving = false;

/**
 * At the process's end, puts /dev/null in place of a terminal that is gone: Node would set such a one back as it was, and abort when it cannot
 * (node::ResetStdio).
 */
export function leaveHungTerminal(): void {
  if (isLeaving) return;
  isLeaving = true;
  process.on("exit", () => {
    for (const fd of [0, 1, 2]) {
      try {
        if (isatty(fd) || !fstatSync(fd).isCharacterDevice()) continue;
        closeSync(fd);
        openSync("/dev/null", "r+");
      } catch {
        // It is closed already.
      }
    }
  });
}
