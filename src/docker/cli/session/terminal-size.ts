import type { CommandContext } from "../command.ts";

export interface TerminalSize {
  readonly height: number;
  readonly width: number;
}

/** The size of the terminal that output goes to; null when it is none. */
export function terminalSize({ stdout }: Pick<CommandContext, "stdout">): TerminalSize | null {
  const { columns, rows } = stdout;
  return stdout.isTTY === true && columns !== undefined && rows !== undefined && columns > 0 && rows > 0
    ? { height: rows, width: columns }
    : null;
}

/**
 * Gives the container's terminal the size of ours, now and whenever ours changes; gives back how to stop that. A container that is
 * already gone needs no size, so failures are left alone.
 */
export function followTerminalSize(context: CommandContext, resize: (size: TerminalSize) => Promise<void>): () => void {
  const apply = (): void => {
    const size = terminalSize(context);
    if (size) resize(size).catch(() => undefined);
  };
  apply();
  return context.onSignal("SIGWINCH", apply);
}
