import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";
import type * as wire from "../../docker/api/types.ts";
import { checkDestination, cleanPath, parseBind, parseMode } from "./volume-spec.ts";

/** What a container asks of volumes. */
export interface MountRequest {
  readonly hostConfig: wire.HostConfig;
  /** `Config.Volumes`, the image's and the container's own together: destinations of anonymous volumes. */
  readonly configVolumes: readonly string[];
  /** `Mounts` of a container that `--volumes-from` names. @throws NotFoundError */
  readonly mountsOf: (container: string) => readonly wire.MountPoint[];
}

/** A mount that is wanted; `Volumes.prepare` makes the volumes it needs and gives the `MountPoint`s to keep. */
export interface PlannedMount {
  readonly type: "bind" | "volume" | "tmpfs";
  /** A bind's host path; a volume's name, empty for an anonymous one. */
  readonly source: string;
  readonly destination: string;
  readonly mode: string;
  readonly readonly: boolean;
  readonly propagation: string;
  /** False: a volume that is empty is not filled with what the image has at the destination. */
  readonly copyUp: boolean;
  readonly labels: Readonly<Record<string, string>> | null;
}

/**
 * Decides a container's mounts, in Docker's order of precedence: `--volumes-from`, then `-v` and `--mount` (which must not meet at one
 * destination), then the volumes of the image's config where nothing is mounted yet. `--tmpfs` is checked, and stays in `HostConfig.Tmpfs`.
 * @throws InvalidArgumentError with Docker's texts; whatever `mountsOf` throws.
 */
export function planMounts(request: MountRequest): readonly PlannedMount[] {
  const { hostConfig } = request;
  const planned = new Map<string, PlannedMount>();
  for (const reference of hostConfig.VolumesFrom ?? []) {
    for (const mount of fromContainer(reference, request.mountsOf)) planned.set(mount.destination, mount);
  }
  const own = new Set<string>();
  const add = (mount: PlannedMount): void => {
    if (own.has(mount.destination)) throw new InvalidArgumentError(`Duplicate mount point: ${mount.destination}`);
    own.add(mount.destination);
    planned.set(mount.destination, mount);
  };
  for (const text of hostConfig.Binds ?? []) {
    const { noCopy, ...spec } = parseBind(text);
    add({ ...spec, copyUp: !noCopy, labels: null });
  }
  for (const mount of hostConfig.Mounts ?? []) add(fromApiMount(mount));
  for (const destination of Object.keys(hostConfig.Tmpfs ?? {})) {
    if (!isAbsolute(destination)) throw new InvalidArgumentError(`invalid mount path: '${destination}' mount path must be absolute`);
    if (own.has(cleanPath(destination))) throw new InvalidArgumentError(`Duplicate mount point: ${cleanPath(destination)}`);
    own.add(cleanPath(destination));
    planned.delete(cleanPath(destination));
  }
  for (const volume of request.configVolumes) {
    const destination = cleanPath(volume);
    // A path that the user mounts something on, a tmpfs included, gets no anonymous volume.
    if (own.has(destination) || planned.has(destination)) continue;
    planned.set(destination, { ...anonymous, destination });
  }
  return [...planned.values()];
}

const anonymous = {
  type: "volume",
  source: "",
  mode: "",
  readonly: false,
  propagation: "",
  copyUp: true,
  labels: null,
} as const;

function fromContainer(reference: string, mountsOf: MountRequest["mountsOf"]): readonly PlannedMount[] {
  if (reference === "") throw new InvalidArgumentError("volumes-from specification cannot be an empty string");
  const [container = "", mode = ""] = reference.split(/:(.*)/s);
  // Only access and label make sense here; Docker has no word against a propagation either, and neither have we.
  const { readonly } = parseMode(mode);
  return mountsOf(container).map((point) => ({
    type: point.Type,
    source: point.Type === "volume" ? (point.Name ?? "") : point.Source,
    destination: point.Destination,
    mode: point.Mode,
    readonly: readonly || !point.RW,
    propagation: point.Propagation,
    copyUp: false,
    labels: null,
  }));
}

function fromApiMount(mount: wire.ApiMount): PlannedMount {
  try {
    return checkApiMount(mount);
  } catch (error) {
    throw new InvalidArgumentError(`invalid mount config for type "${mount.Type}": ${(error as Error).message}`);
  }
}

function checkApiMount(mount: wire.ApiMount): PlannedMount {
  const source = mount.Source ?? "";
  if (!["bind", "volume", "tmpfs"].includes(mount.Type)) throw new Error("mount type unknown");
  checkDestination(mount.Target);
  const common = { destination: cleanPath(mount.Target), readonly: mount.ReadOnly === true, labels: null };
  if (mount.Type === "tmpfs") {
    if (source !== "") throw new Error("field Source must not be specified");
    return { ...common, type: "tmpfs", source: "", mode: "", propagation: "", copyUp: false };
  }
  if (mount.Type === "volume") {
    if (source === "" && common.readonly) throw new Error("must not set ReadOnly mode when using anonymous volumes");
    const copyUp = mount.VolumeOptions?.NoCopy !== true;
    // Docker shows `z` for these, relabelling volumes wherever SELinux is on.
    return { ...common, type: "volume", source, mode: "z", propagation: "", copyUp, labels: mount.VolumeOptions?.Labels ?? null };
  }
  if (source === "") throw new Error("field Source must not be empty");
  if (!isAbsolute(source)) throw new Error(`invalid mount path: '${source}' mount path must be absolute`);
  if (!existsSync(source)) throw new Error(`bind source path does not exist: ${source}`);
  const propagation = mount.BindOptions?.Propagation || "rprivate";
  return { ...common, type: "bind", source: cleanPath(source), mode: "", propagation, copyUp: false };
}
