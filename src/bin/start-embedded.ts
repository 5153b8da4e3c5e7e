import type { EmbeddedEngine } from "../harness/targets/embedded.ts";
import { world } from "../runtime/launch/engine-world.ts";
import { enterEngine } from "../runtime/launch/enter-engine.ts";
import { startEngine } from "../runtime/launch/start-engine.ts";

/** Starts an engine as the harness wants one: gone with us, and at once when told to. */
export async function startEmbedded(options: { readonly root: string; readonly store: string }): Promise<EmbeddedEngine> {
  const engine = await startEngine({ ...options, sealed: true });
  return {
    socket: engine.socket,
    owner: engine.owner,
    tier: "namespaces",
    clientDirectory: world.bin,
    dockerHost: `unix://${world.socket}`,
    exited: engine.exited,
    enter: (entering) => enterEngine(engine, { ...entering, confined: true }),
    kill: async () => {
      try {
        // Process 1 of the engine's pid namespace: the kernel takes the rest with it, and the keeper tidies up.
        process.kill(engine.pid, "SIGKILL");
      } catch {
        // It ended before.
      }
      await engine.exited;
    },
  };
}
