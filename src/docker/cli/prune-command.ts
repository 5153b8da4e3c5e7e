import type { Filters } from "../api/types.ts";
import type { UnixClient } from "../client/unix-client.ts";
import type { CommandContext } from "./command.ts";
import { confirm } from "./confirm.ts";
import { humanSize } from "./format/human-units.ts";
import type { Pruned } from "./prune.ts";

/** One `docker … prune`: warns and asks unless forced, then reports what is gone. */
export async function runPrune(
  { force, warning, space, filters }: { force: boolean; warning: string; space: boolean; filters: Filters },
  prune: (client: UnixClient, filters: Filters) => Promise<Pruned>,
  context: CommandContext,
): Promise<number> {
  if (!force && !(await confirm(`WARNING! ${warning}\nAre you sure you want to continue?`, context))) return 0;
  const { report, bytes } = await prune(await context.client(), filters);
  context.stdout.write(report + (space ? `Total reclaimed space: ${humanSize(bytes)}\n` : ""));
  return 0;
}
