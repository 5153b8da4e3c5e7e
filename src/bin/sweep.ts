import { setTimeout as sleep } from "node:timers/promises";
import { sweepWorkspaces } from "../harness/targets/workspace.ts";

/** Engines that were killed with their runner need a moment to be gone. */
const LIMIT_MS = 20_000;
const PAUSE_MS = 100;

// Started by a runner that ends without cleaning up, whose pid is given: removes its temporary folders when it is gone.
const runner = Number(process.argv[2]);
const limit = performance.now() + LIMIT_MS;
while (isThere(runner) && performance.now() < limit) await sleep(PAUSE_MS);
while ((await sweepWorkspaces()).length > 0 && performance.now() < limit) await sleep(PAUSE_MS);

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
