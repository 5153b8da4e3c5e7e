import { InvalidArgumentError } from "../../base/errors.ts";
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
  const until = untilTime(filters["until"] ?? [], context.clock.now());
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

/** `until=24h`, or Unix seconds, or RFC 3339, as milliseconds since the epoch. */
function untilTime(values: readonly string[], now: Date): number | null {
  const [value, ...more] = values;
  if (value === undefined) return null;
  if (more.length > 0) throw new InvalidArgumentError("more than one until filter specified");
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join("") === value) {
    return now.getTime() - parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0), 0);
  }
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw new InvalidArgumentError(`failed to parse value as time or duration: "${value}"`);
  return time;
}
