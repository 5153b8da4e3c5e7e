import type { Duplex } from "node:stream";
import { closeGently } from "../docker/server/hijack.ts";
import { post, type Route } from "../docker/server/router.ts";

/** Loads what serves docker commands, which an engine needs no sooner than the first of them comes. */
export async function loadServing(): Promise<void> {
  await import("../docker/cli/served/serve-command.ts");
}

/**
 * Where `runtime/launch/docker.pl` asks to have its command run: `engineSocket` is the engine's own, `connect` a connection to it that does not
 * leave this process.
 */
export function commandRoute(engineSocket: string, connect: () => Duplex): Route {
  return post("/slipway/command", async (exchange) => {
    const { body, socket } = await exchange.takeOver();
    try {
      const { serveCommand } = await import("../docker/cli/served/serve-command.ts");
      await serveCommand(body, socket, engineSocket, connect);
    } finally {
      closeGently(socket);
    }
  });
}
