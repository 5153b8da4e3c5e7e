import type { UnixClient } from "../../client/unix-client.ts";
import type { CommandContext } from "../command.ts";

const FORWARDED: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGCONT", "SIGTSTP"];

/** Passes the signals that we get on to the container; gives back how to stop that. */
export function forwardSignals(context: CommandContext, client: UnixClient, container: string): () => void {
  const stops = FORWARDED.map((name) =>
    // One that ended meanwhile needs no signal.
    context.onSignal(name, () => void client.killContainer(container, name.slice("SIG".length)).catch(() => undefined)),
  );
  return () => {
    for (const stop of stops) stop();
  };
}
