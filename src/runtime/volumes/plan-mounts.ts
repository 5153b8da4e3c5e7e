import { existsSync } from "node:fs";
import { isAbsolute, posix } from "node:path";
import { InvalidArgumentError } from "../../base/errors.ts";
import type * as wire from "../../docker/api/types.ts";
import { checkDestination, cleanPath, parseBind, propagations } from "./volume-spec.ts";
import type { SharedMount, VolumeRequest } from "./volumes.ts";

/** A mount that is wanted, with nothing made yet. */
export interface PlannedMount {
  readonly type: "bind" | "volume" | "tmpfs";
  /** A bind's host path; a volume's name, empty for a new anonymous one. */
  readonly source: string;
  readonly destination: string;
  /** As inspect's `Mode`. */
  readonly mode: string;
  readonly readonly: boolean;
  readonly propagation: string;
  /** With what is mounted below it. */
  readonly isRecursive: boolean;
  /** What is read-only of a mount that is: as far as what is mounted below, or not. */
  readonly isReadonlyBelow: boolean;
  /** The part of a volume that is mounted; empty for all of it. */
  readonly subpath: string;
  /** A volume that is filled with what the image has at the destination. */
  readonly copyUp: boolean;
  /** Of a volume that is made for this. */
  readonly labels: Readonly<Record<string, string>> | null;
  /** Empty for the local one. */
  readonly driver: string;
  /** The local driver's, of a volume that is made for this. */
  readonly driverOptions: Readonly<Record<string, string>> | null;
  /** Whether inspect shows it; `--tmpfs` stands in `HostConfig.Tmpfs` only. */
  readonly shown: boolean;
  /** Of a tmpfs, as mount(8) has them: `size=64m`. */
  readonly options: readonly string[];
}

const plain = {
  mode: "",
  readonly: false,
  propagation: "",
  copyUp: false,
  labels: null,
  driver: "",
  isRecursive: true,
  isReadonlyBelow: true,
  subpath: "",
  driverOptions: null,
  shown: true,
  options: [],
} as const;

/**
 * Decides a container's mounts, in Docker's order of precedence: `--volumes-from`; then `-v`, `--mount` and `--tmpfs`, of which no two may
 * meet at one destination; then anonymous volumes where nothing is mounted yet.
 * @throws InvalidArgumentError with Docker's texts.
 */
export function planMounts(request: VolumeRequest): readonly PlannedMount[] {
  const planned = new Map(request.from.map((mount) => [mount.point.Destination, fromShared(mount)]));
  const own = new Set<string>();
  const add = (mount: PlannedMount): void => {
    if (own.has(mount.destination)) throw new InvalidArgumentError(`Duplicate mount point: ${mount.destination}`);
    own.add(mount.destination);
    planned.set(mount.destination, mount);
  };
  const { readonlyBelow = true } = request;
  for (const text of request.binds) add({ ...plain, isReadonlyBelow: readonlyBelow, driver: request.driver, ...parseBind(text) });
  for (const mount of request.mounts) {
    const wanted = fromApiMount(mount);
    add({ ...wanted, isReadonlyBelow: wanted.isReadonlyBelow && readonlyBelow });
  }
  for (const [destination, options] of Object.entries(request.tmpfs)) {
    if (!isAbsolute(destination)) throw new InvalidArgumentError(`invalid mount path: '${destination}' mount path must be absolute`);
    const list = options.split(",").filter((option) => option !== "");
    checkTmpfsOptions(list);
    add({ ...plain, type: "tmpfs", source: "", destination: cleanPath(destination), shown: false, options: list });
  }
  for (const volume of request.anonymous) {
    const destination = cleanPath(volume);
    if (planned.has(destination)) continue;
    planned.set(destination, { ...plain, type: "volume", source: "", destination, copyUp: true, driver: request.driver });
  }
  return [...planned.values()];
}

const TMPFS_FLAGS = new Set(
  "defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime bind rbind private rprivate shared rshared slave rslave relatime norelatime strictatime nostrictatime".split(
    " ",
  ),
);
const TMPFS_DATA = new Set(["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"]);

/** @throws InvalidArgumentError with Docker's text. */
function checkTmpfsOptions(options: readonly string[]): void {
  for (const option of options) {
    const [key = "", ...value] = option.split("=");
    if (value.length === 0 ? TMPFS_FLAGS.has(option) : TMPFS_DATA.has(key)) continue;
    throw new InvalidArgumentError(`invalid tmpfs option ${value.length === 0 ? JSON.stringify([option]) : JSON.stringify(key)}`);
  }
}

/** Of `--volumes-from`: the same volume or host directory. A tmpfs becomes another, empty one. */
function fromShared({ point, spec, subpath = "" }: SharedMount): PlannedMount {
  return {
    ...plain,
    type: point.Type,
    source: point.Type === "volume" ? (point.Name ?? "") : point.Source,
    destination: point.Destination,
    mode: point.Mode,
    readonly: !point.RW,
    propagation: point.Propagation,
    isRecursive: !spec.options.includes("bind"),
    isReadonlyBelow: !spec.options.includes("ro"),
    subpath,
  };
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
  const common = { destination: cleanPath(mount.Target), readonly: mount.ReadOnly === true };
  if (mount.Type === "tmpfs") {
    if (source !== "") throw new Error("field Source must not be specified");
    const { SizeBytes: size, Mode: mode } = mount.TmpfsOptions ?? {};
    const options = [...(size ? [`size=${size}`] : []), ...(mode ? [`mode=${mode.toString(8)}`] : [])];
    return { ...plain, ...common, type: "tmpfs", source: "", options };
  }
  if (mount.Type === "volume") {
    const subpath = mount.VolumeOptions?.Subpath ?? "";
    if (subpath !== "" && source === "") throw new Error("must not set Subpath when using anonymous volumes");
    if (!isLocal(subpath)) throw new Error("subpath must be a relative path within the volume");
    if (source === "" && common.readonly) throw new Error("must not set ReadOnly mode when using anonymous volumes");
    const copyUp = mount.VolumeOptions?.NoCopy !== true;
    // Docker shows `z` for these, relabelling volumes wherever SELinux is on.
    const { Labels, DriverConfig } = mount.VolumeOptions ?? {};
    const driverOptions = DriverConfig?.Options ?? null;
    return {
      ...plain,
      ...common,
      type: "volume",
      source,
      mode: "z",
      copyUp,
      subpath,
      labels: Labels ?? null,
      driver: DriverConfig?.Name ?? "",
      driverOptions,
    };
  }
  if (source === "") throw new Error("field Source must not be empty");
  if (!isAbsolute(source)) throw new Error(`invalid mount path: '${source}' mount path must be absolute`);
  const { Propagation, NonRecursive, ReadOnlyNonRecursive, ReadOnlyForceRecursive, CreateMountpoint } = mount.BindOptions ?? {};
  if (!existsSync(source) && CreateMountpoint !== true) throw new Error(`bind source path does not exist: ${source}`);
  const propagation = Propagation || "rprivate";
  if (ReadOnlyNonRecursive && ReadOnlyForceRecursive)
    throw new Error("mount options conflict: ReadOnlyNonRecursive && ReadOnlyForceRecursive");
  if (!propagations.includes(propagation)) throw new Error(`invalid propagation mode: ${propagation}`);
  return {
    ...plain,
    ...common,
    type: "bind",
    source: cleanPath(source),
    propagation,
    isRecursive: NonRecursive !== true,
    isReadonlyBelow: ReadOnlyNonRecursive !== true,
  };
}

/** As Go's filepath.IsLocal: relative, and by its words alone not above where it begins. */
function isLocal(path: string): boolean {
  return !isAbsolute(path) && !path.includes("\0") && posix.normalize(path).split("/")[0] !== "..";
}
