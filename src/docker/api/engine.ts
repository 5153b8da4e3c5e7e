import type { Readable, Writable } from "node:stream";
import type * as wire from "./types.ts";

/**
 * What an engine does, apart from how it is asked (HTTP is in `docker/server`). `ref` is a name or any unambiguous id prefix.
 * Every method throws the classes of `base/errors.ts` with Docker's texts.
 */
export interface Engine extends ContainerBackend, ExecBackend, ImageBackend, NetworkBackend, VolumeBackend, SystemBackend {}

/** Where a session's bytes go. With a terminal only `stdout` is used. */
export interface StreamIo {
  readonly stdin: Readable | null;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborted when the client went away. */
  readonly signal: AbortSignal;
}

/** An attach, exec or log stream that is set up but not yet flowing, so that HTTP can answer 101 or 200 first. */
export interface StreamSession {
  /** True: one raw stream; false: Docker's multiplexed frames on the wire. */
  readonly tty: boolean;
  /** Resolves when all output was written, or the client detached by keys or went away. */
  run(io: StreamIo): Promise<void>;
}

export interface AttachOptions {
  readonly stream: boolean;
  readonly logs: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Docker's spelling, `ctrl-p,ctrl-q`; empty for the default. */
  readonly detachKeys: string;
}

export interface LogsOptions {
  readonly follow: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Unix seconds, with fractions; null for no bound. */
  readonly since: number | null;
  readonly until: number | null;
  readonly timestamps: boolean;
  /** Whether each line begins with the labels and variables that the log's options choose. */
  readonly details?: boolean;
  /** Lines from the end; null for all. */
  readonly tail: number | null;
}

export type WaitCondition = "not-running" | "next-exit" | "removed";

export interface ContainerBackend {
  /** `readonlyBelow` false: what is mounted below a read-only bind is not read-only with it, unless that is asked for. */
  createContainer(
    request: wire.ContainerCreateRequest,
    options: { name: string; platform: string; readonlyBelow?: boolean },
  ): Promise<wire.ContainerCreateResponse>;
  listContainers(options: { all: boolean; limit: number; size: boolean; filters: wire.Filters }): Promise<readonly wire.ContainerSummary[]>;
  inspectContainer(ref: string, options: { size: boolean }): Promise<wire.ContainerInspect>;
  /** @throws NotModifiedError when it runs already. */
  startContainer(ref: string, options: { detachKeys: string }): Promise<void>;
  /** `timeout` in seconds, -1 for ever, null for the container's own. @throws NotModifiedError when it does not run. */
  stopContainer(ref: string, options: { signal: string; timeout: number | null }): Promise<void>;
  restartContainer(ref: string, options: { signal: string; timeout: number | null }): Promise<void>;
  /** `signal` by number or name, empty for SIGKILL. */
  killContainer(ref: string, signal: string): Promise<void>;
  pauseContainer(ref: string): Promise<void>;
  unpauseContainer(ref: string): Promise<void>;
  renameContainer(ref: string, name: string): Promise<void>;
  removeContainer(ref: string, options: { force: boolean; volumes: boolean; link: boolean }): Promise<void>;
  /** The outer promise resolves once the wait is registered, `result` when the condition came true. */
  waitContainer(ref: string, condition: WaitCondition, signal: AbortSignal): Promise<{ result: Promise<wire.WaitResponse> }>;
  resizeContainer(ref: string, size: { height: number; width: number }): Promise<void>;
  attachContainer(ref: string, options: AttachOptions): Promise<StreamSession>;
  containerLogs(ref: string, options: LogsOptions): Promise<StreamSession>;
  containerTop(ref: string, psArgs: string): Promise<wire.TopResponse>;
  containerChanges(ref: string): Promise<readonly wire.FilesystemChange[]>;
  containerStats(ref: string, signal: AbortSignal): Promise<AsyncIterable<unknown>>;
  updateContainer(ref: string, update: wire.HostConfig): Promise<{ Warnings: readonly string[] | null }>;
  /** The rootfs as an uncompressed tar. */
  exportContainer(ref: string): Promise<Readable>;
  statPath(ref: string, path: string): Promise<wire.PathStat>;
  getArchive(ref: string, path: string): Promise<{ stat: wire.PathStat; tar: Readable }>;
  putArchive(ref: string, path: string, tar: Readable, options: { noOverwriteDirNonDir: boolean; copyUidGid: boolean }): Promise<void>;
  pruneContainers(filters: wire.Filters): Promise<wire.ContainersPruneResponse>;
}

export interface ExecBackend {
  createExec(containerRef: string, request: wire.ExecCreateRequest): Promise<{ Id: string }>;
  /** Starts it without streams (`docker exec -d`). */
  startExecDetached(id: string): Promise<void>;
  startExec(id: string, options: { tty: boolean; consoleSize: { height: number; width: number } | null }): Promise<StreamSession>;
  resizeExec(id: string, size: { height: number; width: number }): Promise<void>;
  inspectExec(id: string): Promise<wire.ExecInspect>;
}

export interface CommitOptions {
  readonly container: string;
  /** Empty for an untagged image. */
  readonly repo: string;
  readonly tag: string;
  readonly comment: string;
  readonly author: string;
  readonly pause: boolean;
  /** Dockerfile instructions, `CMD ["sh"]`. */
  readonly changes: readonly string[];
  readonly config: wire.ContainerConfig | null;
}

export interface ImportOptions {
  /** The rootfs tar, compressed or not. */
  readonly source: Readable;
  readonly repo: string;
  readonly tag: string;
  readonly message: string;
  readonly changes: readonly string[];
  readonly platform: string;
}

export interface BuildOptions {
  /** `classic`: each instruction an image, told as `Step 1/3`; `graph`: as BuildKit builds and tells of it. */
  readonly builder: "classic" | "graph";
  readonly context: Readable;
  readonly dockerfile: string;
  readonly tags: readonly string[];
  readonly buildArgs: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly target: string;
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly quiet: boolean;
  readonly networkMode: string;
  readonly platform: string;
  /** Of the containers that RUN makes: hosts, limits, the size of /dev/shm. */
  readonly hostConfig: Pick<
    wire.HostConfig,
    "ExtraHosts" | "Memory" | "MemorySwap" | "CpuShares" | "CpuPeriod" | "CpuQuota" | "CpusetCpus" | "CpusetMems" | "ShmSize" | "Ulimits"
  >;
  /** Stages, by name or number, whose steps are done again. */
  readonly noCacheFilter: readonly string[];
  /** Of the classic builder: whether containers of RUN are removed when it succeeded, and also when it failed. */
  readonly removes: "never" | "after-success" | "always";
  /** `tar`: the stream has the files as `slipway.build.output` messages, and no image is made. */
  readonly output: "image" | "tar";
  /** The client's secret of this name, null when it has none. */
  readonly secret: (id: string) => Promise<Buffer | null>;
}

export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/** An image on its way from or to a registry. */
export interface TransferOptions {
  readonly image: string;
  /** Empty for all tags of a name that says none. */
  readonly tag: string;
  readonly platform: string;
  readonly auth: RegistryAuth | null;
  /** Aborted when nobody wants it any more: whoever waits for a registry then waits no longer. */
  readonly signal?: AbortSignal;
}

export interface ImageBackend {
  /** Asks the registry at `address` (`localhost:5000`, or Docker Hub's old URL) whether it takes these credentials. */
  login(options: { address: string; auth: RegistryAuth }): Promise<{ Status: string; IdentityToken: string }>;
  /** @throws NotFoundError, UnauthorizedError in the registry's words. */
  inspectDistribution(options: { name: string; auth: RegistryAuth | null }): Promise<wire.DistributionInspect>;
  listImages(options: { all: boolean; filters: wire.Filters; sharedSize?: boolean }): Promise<readonly wire.ImageSummary[]>;
  inspectImage(ref: string): Promise<wire.ImageInspect>;
  imageHistory(ref: string): Promise<readonly wire.ImageHistoryItem[]>;
  tagImage(ref: string, options: { repo: string; tag: string }): Promise<void>;
  removeImage(ref: string, options: { force: boolean; noPrune: boolean }): Promise<readonly wire.ImageDeleteItem[]>;
  pruneImages(filters: wire.Filters): Promise<{ ImagesDeleted: readonly wire.ImageDeleteItem[] | null; SpaceReclaimed: number }>;
  commitContainer(options: CommitOptions): Promise<{ Id: string }>;
  /** Yields progress, last `{status: "sha256:…"}`. */
  importImage(options: ImportOptions): AsyncIterable<wire.JsonMessage>;
  pullImage(options: TransferOptions): AsyncIterable<wire.JsonMessage>;
  /** `platform` (`linux/amd64`) must be the image's; empty for whatever it is. */
  pushImage(options: TransferOptions): AsyncIterable<wire.JsonMessage>;
  /** A docker-archive tar of these images. */
  saveImages(refs: readonly string[]): Promise<Readable>;
  loadImages(tar: Readable, options: { quiet: boolean }): AsyncIterable<wire.JsonMessage>;
  /** `keep` is how many bytes may stay. */
  pruneBuildCache(options: { all: boolean; filters: wire.Filters; keep: number }): Promise<wire.BuildCachePruneResponse>;
  buildImage(options: BuildOptions, signal: AbortSignal): AsyncIterable<wire.JsonMessage>;
}

export interface NetworkBackend {
  listNetworks(filters: wire.Filters): Promise<readonly wire.NetworkInspect[]>;
  inspectNetwork(ref: string): Promise<wire.NetworkInspect>;
  createNetwork(request: wire.NetworkCreateRequest): Promise<{ Id: string; Warning: string }>;
  removeNetwork(ref: string): Promise<void>;
  connectNetwork(ref: string, container: string, endpoint: wire.EndpointSettings | null): Promise<void>;
  disconnectNetwork(ref: string, container: string, force: boolean): Promise<void>;
  pruneNetworks(filters: wire.Filters): Promise<{ NetworksDeleted: readonly string[] | null }>;
}

export interface VolumeBackend {
  listVolumes(filters: wire.Filters): Promise<{ Volumes: readonly wire.VolumeInspect[]; Warnings: null }>;
  inspectVolume(name: string): Promise<wire.VolumeInspect>;
  createVolume(request: wire.VolumeCreateRequest): Promise<wire.VolumeInspect>;
  removeVolume(name: string, options: { force: boolean }): Promise<void>;
  /** Anonymous volumes, and with the filter `all` the named ones too. */
  pruneVolumes(filters: wire.Filters): Promise<{ VolumesDeleted: readonly string[]; SpaceReclaimed: number }>;
}

/** What `docker system df` counts. */
export type DiskUsageKind = "container" | "image" | "volume" | "build-cache";

export interface SystemBackend {
  info(): Promise<Readonly<Record<string, unknown>>>;
  version(): Promise<Readonly<Record<string, unknown>>>;
  /** Of what is not asked for, null. */
  diskUsage(kinds: readonly DiskUsageKind[]): Promise<Readonly<Record<string, unknown>>>;
  /** Past events from `since`, then live ones until `until` or the signal; times in Unix seconds. */
  events(options: {
    since: number | null;
    until: number | null;
    filters: wire.Filters;
    signal: AbortSignal;
  }): AsyncIterable<wire.EventMessage>;
}
