import { SlipwayError } from "../base/errors.ts";
import { parse } from "../harness/cli/command-line.ts";
import { defaultStore, ensureBaseImages } from "../provision/base-images.ts";
import { type EngineHandle, startEngine } from "../runtime/launch/start-engine.ts";
import type { WayOut } from "../runtime/launch/way-out.ts";
import { engineCommand } from "./engine-command.ts";
import { interruptSignal } from "./interrupt-signal.ts";
import { runParsed } from "./run-parsed.ts";

/** `slipway engine --root DIR` */
export function main(argv: readonly string[]): Promise<number> {
  const command = engineCommand();
  const refusal = parse(command, argv);
  const options = command.opts<{ root: string; hostNetwork: boolean | WayOut }>();
  return runParsed(refusal ?? options, async ({ root, hostNetwork }, { stdout, stderr }) => {
    const signal = interruptSignal();
    const store = defaultStore();
    await ensureBaseImages(store);
    let engine: EngineHandle;
    try {
      engine = await startEngine({ root, store, hostNetwork });
    } catch (error) {
      // What this host has not is told in a line; what is our fault shows where it is.
      if (!(error instanceof SlipwayError)) throw error;
      stderr(`slipway: ${error.message}\n`);
      return 3;
    }
    stdout(`DOCKER_HOST=unix://${engine.socket}\n`);
    let asked = false;
    signal.addEventListener("abort", () => {
      asked = true;
      void engine.stop();
    });
    await engine.exited;
    return asked ? 0 : 3;
  });
}
