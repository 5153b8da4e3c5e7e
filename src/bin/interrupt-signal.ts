import { spawn } from "node:child_process";
import { join } from "node:path";
import { exitCodes } from "../harness/cli/exit-codes.ts";
import { leaveHungTerminal, onLostOutput } from "./lost-output.ts";

/**
 * What comes within this is the same interruption: npm passes on the Ctrl-C that the terminal gave us already. A person who wants no cleaning up
 * comes later.
 */
const SAME_MS = 400;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Aborted by the first Ctrl-C, SIGTERM or hangup, or when nobody reads what is printed any more, so that everything is cleaned up and reported; by the second the process ends at once: its engines
 * end with it, and another process removes its temporary folders.
 * @param sparesCtrlC whether Ctrl-C is just now for another program at the terminal.
 */
export function interruptSignal(sparesCtrlC: () => boolean = () => false): AbortSignal {
  const controller = new AbortController();
  let since = Infinity;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (name === "SIGINT" && sparesCtrlC()) return;
      if (name === "SIGHUP") leaveHungTerminal();
      // A terminal that goes away may say so more than once.
      if (name !== "SIGHUP" && performance.now() - since > SAME_MS) endAtOnce();
      since = Math.min(since, performance.now());
      controller.abort(new Error(`interrupted by ${name}`));
    });
  }
  onLostOutput(() => controller.abort(new Error("nobody reads its output any more")));
  return controller.signal;
}

function endAtOnce(): never {
  const sweeper = join(import.meta.dirname, "sweep.js");
  try {
    spawn(process.execPath, ["--", sweeper, String(process.pid)], { detached: true, stdio: "ignore" }).unref();
  } catch {
    // Then the next run removes them.
  }
  process.exit(exitCodes.interrupted);
}
