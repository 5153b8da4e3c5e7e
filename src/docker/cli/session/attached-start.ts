import type { WaitResponse } from "../../api/types.ts";
import type { UnixClient } from "../../client/unix-client.ts";
import { StatusError } from "../cli-errors.ts";
import type { CommandContext } from "../command.ts";
import { forwardSignals } from "./forward-signals.ts";
import { DetachedError, runStreamSession } from "./stream-session.ts";
import { followTerminalSize } from "./terminal-size.ts";

export interface AttachedStart {
  readonly id: string;
  readonly streams: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly tty: boolean;
  readonly detachKeys: string;
  /** Whether signals that come here go to the container. */
  readonly proxySignals: boolean;
  /** Whether the container is removed when it ends, and its end is only that. */
  readonly removed: boolean;
  /** Starts it, and says in the command's words what hinders. */
  readonly start: () => Promise<void>;
}

/**
 * Starts a container with our streams on it, and stays until it ends. Resolves to its exit code, 0 when the keys to detach were pressed.
 * @throws what `start` throws; StatusError when the engine could not wait.
 */
export async function startAttached(client: UnixClient, options: AttachedStart, context: CommandContext): Promise<number> {
  const { id, streams, tty, detachKeys } = options;
  const stopSignals = options.proxySignals ? forwardSignals(context, client, id) : (): void => undefined;
  const cancel = new AbortController();
  const signal = AbortSignal.any([cancel.signal, context.signal]);
  let stopSize = (): void => undefined;
  try {
    const [attached, waiting] = await Promise.all([
      client.attachContainer(id, { stream: true, ...streams, detachKeys }, signal),
      // Registered before the start, so that the shortest run is not missed.
      client.waitContainer(id, options.removed ? "removed" : "next-exit", signal),
    ]);
    const session = runStreamSession(attached.stream, { tty, stdin: streams.stdin, detachKeys }, context);
    session.catch(() => undefined);
    try {
      await options.start();
    } catch (error) {
      attached.stream.destroy();
      // A container that is to go is gone when the command ends, also when it could not start.
      if (options.removed) await waiting.result.catch(() => undefined);
      throw error;
    }
    if (tty) stopSize = followTerminalSize(context, (size) => client.resizeContainer(id, size));
    try {
      await session;
    } catch (error) {
      if (error instanceof DetachedError) return 0;
      throw error;
    }
    return exitCodeFrom(await waiting.result);
  } finally {
    stopSize();
    stopSignals();
    cancel.abort();
  }
}

/** The exit code that a wait tells. @throws StatusError when the engine could not wait. */
export function exitCodeFrom({ StatusCode, Error: error }: WaitResponse): number {
  if (error) throw new StatusError(error.Message, 125);
  return StatusCode;
}
