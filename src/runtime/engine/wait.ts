import type { WaitCondition } from "../../docker/api/engine.ts";
import type { WaitResponse } from "../../docker/api/types.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { endOf, isAlive } from "../containers/state.ts";
import type { EngineContext } from "./context.ts";

/** `docker wait`. The wait is registered when the outer promise resolves. */
export async function waitContainer(
  context: EngineContext,
  ref: string,
  condition: WaitCondition,
  signal: AbortSignal,
): Promise<{ result: Promise<WaitResponse> }> {
  const container = context.registry.get(ref);
  const isRunning = isAlive(container.state) || container.state.status === "restarting";
  if (condition === "not-running" && !isRunning) {
    // In its row: one that has just ended gives back what it held before anybody is told.
    return { result: container.serial.run(async () => answer(container, endOf(container.state).exitCode)) };
  }
  // A removal's answer tells of the removal, not of why the container had not started.
  const result =
    condition === "removed"
      ? container.next("removed", signal).then((code) => ({ StatusCode: code }))
      : container.next("exit", signal).then((code) => answer(container, code));
  // Whoever asked may have gone away before looking at the result.
  result.catch(() => undefined);
  return { result };
}

function answer(container: LiveContainer, code: number): WaitResponse {
  const { error } = endOf(container.state);
  return { StatusCode: code, ...(error !== "" && { Error: { Message: error } }) };
}
