import { ForbiddenError } from "../../base/errors.ts";
import type { HostConfig } from "../../docker/api/types.ts";
import { capabilitiesOf } from "./config/capabilities.ts";
import { OWN_RUNTIME } from "./config/runtimes.ts";

/** What an engine that runs others' scripts grants their containers. */
export interface Policy {
  /** Folders, in the engine's view, that may be bound, with what is below. */
  readonly bindsWithin: readonly string[];
}

/** Beyond Docker's own; it leads nowhere but to the container's network. */
const HARMLESS = ["NET_ADMIN"];

/** Refuses volumes of another place than the engine's own. @throws ForbiddenError */
export function checkVolume(policy: Policy | null, driver: string, options: Readonly<Record<string, string>> | null | undefined): void {
  if (policy === null) return;
  if (!["", "local"].includes(driver) || Object.keys(options ?? {}).length > 0) throw refused("a volume with a driver or options");
}

function refused(what: string): ForbiddenError {
  return new ForbiddenError(`${what} is refused: this engine grades submissions`);
}

/**
 * Refuses what would reach around the container. Binds are looked at here by their names, so that nothing is made for one that is refused, and once more
 * when they are opened, for their links (`within` of a mount).
 * @throws ForbiddenError naming the option.
 */
export function checkPolicy(policy: Policy, host: HostConfig): void {
  const { bindsWithin } = policy;
  if (host.Privileged === true) throw refused("--privileged");
  const modes = { pid: host.PidMode, network: host.NetworkMode, ipc: host.IpcMode, uts: host.UTSMode, userns: host.UsernsMode };
  for (const [name, mode] of Object.entries(modes)) if (mode === "host") throw refused(`--${name} host`);
  if (host.Runtime && host.Runtime !== OWN_RUNTIME) throw refused(`--runtime ${host.Runtime}`);
  if (host.MaskedPaths || host.ReadonlyPaths) throw refused("--security-opt systempaths");
  if (host.CgroupParent) throw refused("--cgroup-parent");
  for (const list of ["Devices", "DeviceRequests", "DeviceCgroupRules"]) {
    if (((host[list] as readonly unknown[] | null | undefined) ?? []).length > 0) throw refused("a host device");
  }
  const usual = [...capabilitiesOf({ add: [], drop: [], privileged: false }), ...HARMLESS];
  const more = capabilitiesOf({ add: host.CapAdd ?? [], drop: [], privileged: false }).find((name) => !usual.includes(name));
  if (more !== undefined) throw refused(`--cap-add ${more}`);
  for (const mount of host.Mounts ?? []) {
    const { DriverConfig } = (mount.VolumeOptions ?? {}) as {
      DriverConfig?: { Name?: string; Options?: Record<string, string> | null } | null;
    };
    checkVolume(policy, DriverConfig?.Name ?? "", DriverConfig?.Options);
  }
  const sources = [
    ...(host.Binds ?? []).map((bind) => bind.split(":")[0] ?? ""),
    ...(host.Mounts ?? []).filter(({ Type }) => Type === "bind").map(({ Source }) => Source ?? ""),
  ];
  for (const source of sources) {
    // A plain name is a volume's.
    if (source.startsWith("/") && !isWithin(source, bindsWithin)) {
      throw refused(`the bind of ${source}, which is not below ${bindsWithin.join(" or ")},`);
    }
  }
}

function isWithin(source: string, folders: readonly string[]): boolean {
  const parts = source.split("/");
  return !parts.includes("..") && folders.some((folder) => source === folder || source.startsWith(`${folder}/`));
}
