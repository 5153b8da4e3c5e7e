import { InvalidArgumentError } from "../../base/errors.ts";
import { untilOf } from "../../base/until.ts";
import type { ContainersPruneResponse, Filters } from "../../docker/api/types.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { isAlive } from "../containers/state.ts";
import type { EngineContext } from "./context.ts";
import { removeLocked } from "./rm.ts";

/** `docker container prune`: removes all that do not run. */
export async function pruneContainers(context: EngineContext, filters: Filters): Promise<ContainersPruneResponse> {
  for (const key of Object.keys(filters)) {
    if (!["label", "label!", "until"].includes(key)) throw new InvalidArgumentError(`Invalid filter '${key}'`);
  }
  const until = untilOf(filters["until"], context.clock.now());
  const deleted: string[] = [];
  let reclaimed = 0;
  for (const container of context.registry.all()) {
    if (container.record.ofBuild) continue;
    if (until !== null && Date.parse(container.record.created) >= until) continue;
    if (!(filters["label"] ?? []).every((label) => hasLabel(container, label))) continue;
    if ((filters["label!"] ?? []).some((label) => hasLabel(container, label))) continue;
    await container.serial.run(async () => {
      if (container.removed || isAlive(container.state) || container.state.status === "restarting") return;
      reclaimed += await context.snapshotter.usage(container.id).catch(() => 0);
      await removeLocked(context, container, { volumes: false });
      deleted.push(container.id);
    });
  }
  return { ContainersDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: reclaimed };
}

/** What a prune answers, told as an event too. */
export async function pruned<T extends { readonly SpaceReclaimed: number }>(
  { events }: EngineContext,
  type: "container" | "image" | "volume" | "builder",
  pruning: Promise<T>,
): Promise<T> {
  const answer = await pruning;
  events.emit(type, "prune", "", { reclaimed: String(answer.SpaceReclaimed) });
  return answer;
}

function hasLabel({ record }: LiveContainer, label: string): boolean {
  const at = label.indexOf("=");
  const own = record.config.Labels?.[at < 0 ? label : label.slice(0, at)];
  return own !== undefined && (at < 0 || own === label.slice(at + 1));
}
