import { existsSync } from "node:fs";
import type { EmbeddedEngine, EmbeddedStart } from "../harness/targets/embedded.ts";
import { world } from "../runtime/launch/engine-world.ts";
import { endJailed, enterEngine } from "../runtime/launch/enter-engine.ts";
import { type Jail, openJail } from "../runtime/launch/jail.ts";
import { makeApart } from "../runtime/kernel/make-apart.ts";
import { startEngine } from "../runtime/launch/start-engine.ts";

/** Starts an engine as the harness wants one: gone with us, and at once when told to. */
export async function startEmbedded(options: EmbeddedStart): Promise<EmbeddedEngine> {
  const { limits, ...rest } = options;
  const sockets = limits?.engineSocket === true ? [world.socket, world.usualSocket, `/var${world.usualSocket}`] : [];
  const bindsWithin = [...(options.bindsWithin ?? []), ...sockets];
  // A copy of another's root is there already.
  if (!existsSync(options.root)) makeApart(options.root);
  const engine = await startEngine({ ...rest, sealed: true, ...(limits && { limits, bindsWithin }) });
  const kill = async (): Promise<void> => {
    try {
      // Process 1 of the engine's pid namespace: the kernel takes the rest with it, and the keeper tidies up.
      process.kill(engine.pid, "SIGKILL");
    } catch {
      // It ended before.
    }
    await engine.exited;
  };
  let jail: Jail | null = null;
  try {
    if (limits) jail = await openJail(engine, options.bindsWithin ?? []);
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    socket: engine.socket,
    owner: engine.owner,
    tier: "namespaces",
    clientDirectory: world.bin,
    dockerHost: `unix://${world.socket}`,
    exited: engine.exited,
    enter: (entering) => enterEngine(engine, { ...entering, confined: true, ...(jail && { jail }), ...(limits && { limits }) }),
    endSteps: jail === null ? null : endJailed(engine, jail),
    kill: async () => {
      await jail?.close();
      await kill();
    },
  };
}
