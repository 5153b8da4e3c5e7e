import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConflictError, messageOf } from "../base/errors.ts";
import { defaultStore, ensureBaseImages } from "../provision/base-images.ts";
import { rootLayout } from "../runtime/root-layout.ts";
import { runDockerProgram } from "./docker-program.ts";

/** An engine that was started for a terminal leaves after this many seconds without containers and requests. */
const IDLE_SECONDS = 600;

/** `slipway docker …`: speaks to the engine that `-H` or DOCKER_HOST names, else to one of the user's own, started when it is not there. */
export function main(argv: readonly string[]): Promise<number> {
  return runDockerProgram(argv, ownEngine);
}

/** The address of the engine on the user's default root, SLIPWAY_ROOT or `~/.local/state/slipway`. */
async function ownEngine(): Promise<string> {
  const state = process.env["XDG_STATE_HOME"] || join(homedir(), ".local/state");
  const root = process.env["SLIPWAY_ROOT"] || join(state, "slipway");
  const { socket } = rootLayout(root);
  if (!(await listens(socket))) {
    mkdirSync(root, { recursive: true });
    const { startEngine } = await import("../runtime/launch/start-engine.ts");
    const store = defaultStore();
    // Other images do without.
    await ensureBaseImages(store).catch((error: unknown) => process.stderr.write(`slipway: ${messageOf(error)}\n`));
    try {
      await startEngine({ root, store, hostNetwork: true, dieWithParent: false, idleExit: IDLE_SECONDS });
    } catch (error) {
      // Another terminal was faster: its engine is as good.
      if (!(error instanceof ConflictError) || !(await listensSoon(socket))) throw error;
    }
  }
  return `unix://${socket}`;
}

function listens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}

async function listensSoon(socket: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await listens(socket)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
