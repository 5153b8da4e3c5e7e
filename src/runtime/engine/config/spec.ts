import type { HostConfig } from "../../../docker/api/types.ts";
import type { MountSpec, ProcessSpec, RuntimeSpec } from "../../../oci/runtime-spec.ts";
import { argsOf, type ContainerRecord } from "../../containers/container.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { processEnv } from "./environment.ts";
import type { ExecUser } from "../files/users.ts";

export const maskedPaths = [
  "/proc/asound",
  "/proc/acpi",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/sys/firmware",
] as const;

export const readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"] as const;

const defaultShmSize = 64 * 1024 * 1024;

/** What is known only when a container starts. */
export interface SpecSurroundings {
  /** The merged rootfs, mounted. */
  readonly rootfs: string;
  readonly user: ExecUser;
  readonly networkNamespace: string;
  readonly join: Omit<RuntimeSpec["linux"]["join"], "network">;
  readonly cgroups: readonly string[];
  /** Devices and shared memory. */
  readonly mounts: readonly MountSpec[];
  /** Variables from links. */
  readonly linked: readonly string[];
  /** By destination: where the parts of volumes are. */
  readonly parts: ReadonlyMap<string, string>;
  /** Where binds must lead; undefined for anywhere. */
  readonly bindsWithin?: readonly string[] | undefined;
  /** The files that the engine writes for the container. */
  readonly files: { readonly hosts: string; readonly hostname: string; readonly resolvConf: string };
}

/** The runtime spec of a container's next run, as dockerd would hand it to runc. */
export function buildSpec(record: ContainerRecord, around: SpecSurroundings): RuntimeSpec {
  const { config, hostConfig } = record;
  const privileged = hostConfig.Privileged === true;
  return {
    ociVersion: "1.0.2",
    hostname: config.Hostname ?? "",
    ...(config.Domainname && { domainname: config.Domainname }),
    process: {
      ...processOf(record, { user: around.user, tty: config.Tty === true, args: argsOf(config), env: [], linked: around.linked }),
      init: hostConfig.Init === true,
    },
    root: { path: around.rootfs, readonly: hostConfig.ReadonlyRootfs === true },
    mounts: mountsOf(record, around),
    linux: {
      maskedPaths: privileged ? [] : (hostConfig.MaskedPaths ?? maskedPaths),
      readonlyPaths: privileged ? [] : (hostConfig.ReadonlyPaths ?? readonlyPaths),
      // Those of the network were set when its namespace was made.
      sysctl: Object.fromEntries(Object.entries(hostConfig.Sysctls ?? {}).filter(([key]) => !key.startsWith("net."))),
      join: { network: around.networkNamespace, ...around.join },
      shmSize: hostConfig.IpcMode === "none" ? 0 : hostConfig.ShmSize || defaultShmSize,
      cgroups: around.cgroups,
      ownCgroupRoot: hostConfig.CgroupnsMode === "private" && around.cgroups.length > 0,
    },
  };
}

/** A process of the container: its first, or one that exec adds. */
export function processOf(
  record: ContainerRecord,
  options: {
    readonly user: ExecUser;
    readonly tty: boolean;
    readonly args: readonly string[];
    readonly env: readonly string[];
    readonly linked: readonly string[];
    readonly cwd?: string;
    readonly privileged?: boolean;
    readonly consoleSize?: { readonly height: number; readonly width: number } | null;
  },
): ProcessSpec {
  const { config, hostConfig } = record;
  const { user } = options;
  const consoleSize = options.consoleSize ?? consoleSizeOf(hostConfig);
  return {
    args: options.args,
    env: processEnv({
      hostname: config.Hostname ?? "",
      tty: options.tty,
      linked: options.linked,
      config: config.Env ?? [],
      more: options.env,
      home: user.home,
    }),
    cwd: options.cwd || config.WorkingDir || "/",
    user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids },
    terminal: options.tty,
    ...(options.tty && consoleSize && { consoleSize }),
    capabilities: capabilitiesOf({
      add: hostConfig.CapAdd ?? [],
      drop: hostConfig.CapDrop ?? [],
      privileged: hostConfig.Privileged === true || options.privileged === true,
    }),
    noNewPrivileges: (hostConfig.SecurityOpt ?? []).some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
    rlimits: (hostConfig.Ulimits ?? []).map(({ Name, Soft, Hard }) => ({ type: `RLIMIT_${Name.toUpperCase()}`, soft: Soft, hard: Hard })),
    ...(hostConfig.OomScoreAdj ? { oomScoreAdj: hostConfig.OomScoreAdj } : {}),
  };
}

function consoleSizeOf(hostConfig: HostConfig): { height: number; width: number } | null {
  const [height, width] = hostConfig.ConsoleSize ?? [0, 0];
  return height > 0 && width > 0 ? { height, width } : null;
}

/** The sandbox brings Docker's default mounts; these replace and follow them. */
function mountsOf(record: ContainerRecord, around: SpecSurroundings): readonly MountSpec[] {
  const { bindsWithin } = around;
  const own = record.mounts.map(({ spec }): MountSpec => {
    const part = around.parts.get(spec.destination);
    // It has been looked at, wherever the volume is.
    if (part !== undefined) return { ...spec, source: part, fromUser: false };
    return spec.fromUser === true && bindsWithin ? { ...spec, within: bindsWithin } : spec;
  });
  const isTaken = (destination: string): boolean => own.some((mount) => mount.destination === destination);
  const access = record.hostConfig.ReadonlyRootfs === true ? "ro" : "rw";
  const file = (destination: string, source: string): MountSpec => ({ destination, type: "bind", source, options: ["rbind", access] });
  const sys: MountSpec = { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev"] };
  const files = [
    ...(record.hostConfig.Privileged === true ? [sys] : []),
    file("/etc/resolv.conf", around.files.resolvConf),
    file("/etc/hostname", around.files.hostname),
    file("/etc/hosts", around.files.hosts),
  ];
  return [...around.mounts, ...files].filter(({ destination }) => !isTaken(destination)).concat(own);
}
