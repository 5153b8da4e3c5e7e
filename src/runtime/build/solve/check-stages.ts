import { atLine, LocatedError } from "../command.ts";
import type { Stage } from "../dockerfile.ts";
import { networkOf } from "./run-command.ts";
import { parseRunMount } from "./run-mount.ts";

/** What is wrong with the options of steps, before any is done; what has variables is looked at when they are known. @throws LocatedError */
export function checkStages(stages: readonly Stage[]): void {
  for (const { keyword, flags, mounts, line, endLine } of stages.flatMap(({ commands }) => commands)) {
    const from = flags.get("from") ?? "";
    if (/^\d+$/.test(from) && Number(from) >= stages.length)
      throw new LocatedError(`invalid stage index ${from}`, { start: line, end: endLine });
    if (keyword !== "RUN") continue;
    try {
      for (const mount of mounts) if (!mount.includes("$")) parseRunMount(mount, "/");
      networkOf(flags.get("network") ?? "");
    } catch (error) {
      throw error instanceof Error ? atLine(line, error) : error;
    }
  }
}
