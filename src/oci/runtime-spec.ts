/** The part of the OCI runtime specification's config.md that the sandbox honours. */
export interface RuntimeSpec {
  readonly ociVersion: string;
  readonly hostname: string;
  readonly domainname?: string;
  readonly process: ProcessSpec;
  /** `path` is the merged rootfs in the engine's own mount namespace. */
  readonly root: { readonly path: string; readonly readonly: boolean };
  /** In order; destinations are absolute paths in the container and are created when they are not there. */
  readonly mounts: readonly MountSpec[];
  readonly linux: {
    readonly maskedPaths: readonly string[];
    readonly readonlyPaths: readonly string[];
    /** Pairs for /proc/sys, such as `net.ipv4.ip_forward`. */
    readonly sysctl: Readonly<Record<string, string>>;
    /** Namespaces to join instead of making new ones, by path. `network` is always given: the engine makes it beforehand. */
    readonly join: { readonly network: string; readonly pid?: string; readonly ipc?: string; readonly uts?: string };
    /** /dev/shm in bytes; 0 for none. */
    readonly shmSize: number;
    /** Directories of the engine's that the process is moved into, one a controller (v1) or one in all (v2). */
    readonly cgroups: readonly string[];
    /** True: a cgroup namespace of its own, so that it sees its own cgroup as the root of the tree. */
    readonly ownCgroupRoot?: boolean;
  };
}

/** A process to run in a container (config.md#process). */
export interface ProcessSpec {
  /** The first is resolved in the container's PATH and rootfs by the sandbox. */
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** Absolute; made when it is not there. */
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number; readonly additionalGids: readonly number[] };
  readonly terminal: boolean;
  readonly consoleSize?: { readonly height: number; readonly width: number };
  /** Names without `CAP_`, such as `CHOWN`; a user other than root keeps only the bounding set. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  readonly rlimits: readonly { readonly type: string; readonly soft: number; readonly hard: number }[];
  readonly oomScoreAdj?: number;
  /** True: a process of ours is started that starts this one, passes signals on to it, reaps what it leaves, and ends as it does. */
  readonly init?: boolean;
}

/** A mount in the container (config.md#mounts); `options` as mount(8) has them: `ro`, `nosuid`, `rbind`, `mode=1777`. */
export interface MountSpec {
  readonly destination: string;
  readonly type: "bind" | "proc" | "sysfs" | "tmpfs" | "devpts" | "mqueue" | "cgroup";
  readonly source: string;
  readonly options: readonly string[];
  /** True: a user gave the source, which must not show the engine's own files. */
  readonly fromUser?: boolean;
  /** Of a user's source: when given, it must lie at or below one of these. */
  readonly within?: readonly string[];
}
