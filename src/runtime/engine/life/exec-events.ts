import { randomId } from "../../../base/ids.ts";
import type { LiveContainer } from "../../containers/live-container.ts";
import { emitContainerEvent, type EngineContext } from "../context.ts";

/** Docker shows the program, a blank, and the arguments. */
export function commandText([program = "", ...args]: readonly string[]): string {
  return `${program} ${args.join(" ")}`;
}

/** Tells of a command that the engine itself executes in a container, a health check, as of one that a client asked for. */
export function ownExecEvents(
  context: EngineContext,
  container: LiveContainer,
  command: readonly string[],
): { begin(): void; end(exitCode: number): void } {
  const execID = randomId();
  return {
    begin: () => {
      for (const action of ["exec_create", "exec_start"])
        emitContainerEvent(context, container, `${action}: ${commandText(command)}`, { execID });
    },
    end: (exitCode) => emitContainerEvent(context, container, "exec_die", { execID, exitCode: String(exitCode) }),
  };
}
