import { ConflictError, InvalidArgumentError } from "../../base/errors.ts";
import type { HostConfig } from "../../docker/api/types.ts";
import { checkLimits, checkUpdate } from "./config/check-limits.ts";
import { emitContainerEvent, setState, type EngineContext } from "./context.ts";

/** `docker update`: limits and the restart policy, of a container that runs or not. */
export async function updateContainer(
  context: EngineContext,
  ref: string,
  update: HostConfig,
): Promise<{ Warnings: readonly string[] | null }> {
  const container = context.registry.get(ref);
  checkLimits(update, { isNew: false });
  if (container.state.status === "removing")
    throw new ConflictError(`Container ${container.id} is marked for removal and cannot be "update".`);
  const given = Object.fromEntries(
    Object.entries(update).filter(([, value]) => value !== null && value !== 0 && value !== "" && !isEmptyPolicy(value)),
  ) as HostConfig;
  if (container.record.hostConfig.AutoRemove && given.RestartPolicy && given.RestartPolicy.Name !== "no") {
    throw new InvalidArgumentError("Restart policy cannot be updated because AutoRemove is enabled for the container");
  }
  await container.serial.run(async () => {
    const { hostConfig: current } = container.record;
    checkUpdate(container.id, current, given);
    await container.run?.cgroup.update({ ...current, ...given });
    // Docker keeps "no limit" as 0.
    const pids = (given.PidsLimit ?? 0) < 0 ? { PidsLimit: 0 } : {};
    const policy = given.RestartPolicy && { RestartPolicy: { MaximumRetryCount: 0, ...given.RestartPolicy } };
    const hostConfig = { ...current, ...given, ...pids, ...policy };
    await setState(context, container, { hostConfig }, { durable: true });
    emitContainerEvent(context, container, "update");
  });
  const warnings = context.cgroups.unsupported(given);
  return { Warnings: warnings.length > 0 ? warnings : null };
}

/** What `docker update` sends when it does not speak of restarts. */
function isEmptyPolicy(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).every((key) => ["Name", "MaximumRetryCount"].includes(key)) &&
    !(value as { Name?: string }).Name
  );
}
