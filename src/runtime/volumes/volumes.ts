import type { ApiMount, Filters, MountPoint, VolumeCreateRequest, VolumeInspect } from "../../docker/api/types.ts";
import type { MountSpec } from "../../oci/runtime-spec.ts";

/** What a container asks of volumes: its `HostConfig` and its and its image's `Config.Volumes`. */
export interface VolumeRequest {
  readonly containerId: string;
  readonly binds: readonly string[];
  readonly mounts: readonly ApiMount[];
  /** Destination to options, `size=64m,mode=1777`. */
  readonly tmpfs: Readonly<Record<string, string>>;
  /** Destinations of anonymous volumes. */
  readonly anonymous: readonly string[];
  /** Of the volumes that `binds` and `anonymous` make; empty for the local one. */
  readonly driver: string;
  /** Whether what is mounted below a read-only one is read-only too where nothing else is asked for; absent for yes. */
  readonly readonlyBelow?: boolean;
  /** The mounts of the containers that `VolumesFrom` names, already found, `ro` already applied. */
  readonly from: readonly SharedMount[];
}

/** What `--volumes-from` takes of another container's mount. */
export type SharedMount = Pick<ContainerMount, "point" | "spec" | "subpath">;

/** What the mounts of a container need while it runs, or while its files are looked at. */
export interface MountsInUse {
  /** By destination: where the part of a volume is that is mounted there, safe from links. */
  readonly parts: ReadonlyMap<string, string>;
  release(): void;
}

/** One decided mount of a container. */
export interface ContainerMount {
  /** As inspect shows it, except that tmpfs of `HostConfig.Tmpfs` is not shown there (`shown` false). */
  readonly point: MountPoint;
  readonly shown: boolean;
  /** What the sandbox mounts; `source` is a path in the engine's mount namespace. */
  readonly spec: MountSpec;
  /** The engine's path of the source; null for tmpfs. */
  readonly path: string | null;
  /** The part of the volume that is mounted; absent for all of it. */
  readonly subpath?: string;
  /** A volume that takes the image's content at its destination while it is empty. */
  readonly copyUp: boolean;
  /** An anonymous volume, which `rm -v` and `run --rm` remove. */
  readonly anonymous: boolean;
}

/** What the volume code must know of containers, without knowing containers. */
export interface VolumeUsers {
  /** Full ids of the containers, running or not, that have this volume. */
  containersWith(volume: string): readonly string[];
}

/** The volumes of one root. */
export interface Volumes {
  /**
   * Decides a container's mounts, sorted so that outer ones come first, and makes the volumes that are not there yet.
   * @throws InvalidArgumentError with Docker's texts (`invalid volume specification: '…'`, `Duplicate mount point: …`).
   */
  resolve(request: VolumeRequest): Promise<readonly ContainerMount[]>;
  /**
   * Mounts what of these is in memory or part of a volume, until it is released; what is a folder of the host's must be there, and its parts `within` these
   * folders, when they are given. @throws InternalError in Docker's words.
   */
  use(mounts: readonly ContainerMount[], within?: readonly string[]): MountsInUse;
  /** Lets `copyTo` put the image's content into a volume with `copyUp`; one in memory that nobody uses forgets it. @throws InternalError in Docker's words. */
  fill(mount: ContainerMount, copyTo: (folder: string) => Promise<void>): Promise<void>;
  list(filters: Filters): Promise<{ Volumes: readonly VolumeInspect[]; Warnings: null }>;
  /** @throws NotFoundError `get x: no such volume` */
  inspect(name: string): Promise<VolumeInspect>;
  /** Bytes on disk. @throws NotFoundError */
  size(name: string): Promise<number>;
  create(request: VolumeCreateRequest): Promise<VolumeInspect>;
  /** @throws ConflictError `remove x: volume is in use - [ID]` */
  remove(name: string, options: { force: boolean }): Promise<void>;
  prune(filters: Filters): Promise<{ VolumesDeleted: readonly string[]; SpaceReclaimed: number }>;
}
