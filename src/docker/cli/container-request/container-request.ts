import { isAbsolute, resolve } from "node:path";
import type { HealthConfig } from "../../../oci/image-config.ts";
import type { ContainerConfig, ContainerCreateRequest, HostConfig } from "../../api/types.ts";
import { checkContainerFlags } from "./container-checks.ts";
import type { CommandContext, CommandOptions } from "../command.ts";
import { parseRestartPolicy, parseUlimit, splitAddHost } from "./container-flag-values.ts";
import type { ContainerFlags } from "./container-flags.ts";
import { readKeyValueFiles, recordOf, withValues } from "./env-file.ts";
import { goErrno, readFileBytes } from "../files/file-streams.ts";
import { networksOf } from "./network-flags.ts";
import { parsePorts, type Ports } from "./parse-ports.ts";

/** A profile is far smaller; the command may run in the engine, which is not to hold any file that is named. */
const PROFILE_BYTES = 4 * 1024 * 1024;

type Options = CommandOptions<ContainerFlags>;
type Around = Pick<CommandContext, "cwd" | "env" | "files">;

/**
 * What `docker run` and `create` ask the engine for, from their flags and words.
 * @throws Error in docker's words for flags that contradict themselves or name unreadable files.
 */
export async function containerRequest(options: Options, around: Around): Promise<ContainerCreateRequest> {
  const { flags } = options;
  checkContainerFlags(flags);
  const ports = parsePorts(flags.publish, flags.expose);
  const policy = parseRestartPolicy(flags.restart);
  if (flags.rm && policy.Name !== "no" && policy.Name !== "")
    throw new Error("conflicting options: cannot specify both --restart and --rm");
  const networks = networksOf(flags, [...flags.network, ...flags.net]);
  const volumes = volumesOf(flags.volume, around);
  return {
    ...(await configOf(options, around, ports, volumes.anonymous)),
    HostConfig: await hostConfigOf(options, around, { ports, policy, binds: volumes.binds, networkMode: networks.mode }),
    NetworkingConfig: { EndpointsConfig: networks.endpoints },
  };
}

async function configOf(
  { flags, given, args }: Options,
  around: Around,
  ports: Ports,
  anonymous: Record<string, object>,
): Promise<ContainerConfig> {
  const [Image = "", ...Cmd] = args;
  const health = healthOf(flags, given);
  const variables = [...(await readKeyValueFiles(flags["env-file"], around)), ...flags.env];
  // A bare name stands for a variable of the caller's, which labels have none of.
  const fileLabels = (await readKeyValueFiles(flags["label-file"], around)).filter((line) => line.includes("="));
  const labels = [...fileLabels, ...flags.label];
  const attachAll = flags.attach.length === 0;
  const attachStdin = attachAll ? flags.interactive : flags.attach.includes("stdin");
  return {
    Hostname: flags.hostname,
    Domainname: flags.domainname,
    User: flags.user,
    AttachStdin: attachStdin,
    AttachStdout: attachAll || flags.attach.includes("stdout"),
    AttachStderr: attachAll || flags.attach.includes("stderr"),
    ExposedPorts: ports.exposed,
    Tty: flags.tty,
    OpenStdin: flags.interactive,
    StdinOnce: flags.interactive && attachStdin,
    Env: lastOfEach(withValues(variables, around.env)),
    Cmd: Cmd.length > 0 ? Cmd : null,
    ...(health && { Healthcheck: health }),
    Image,
    Volumes: anonymous,
    WorkingDir: flags.workdir,
    // An empty one on the line takes the image's away.
    Entrypoint: given.has("entrypoint") ? [flags.entrypoint] : null,
    Labels: recordOf(labels),
    ...(given.has("stop-signal") && { StopSignal: flags["stop-signal"] }),
    ...(flags["stop-timeout"] !== null && { StopTimeout: flags["stop-timeout"] }),
  };
}

async function hostConfigOf(
  { flags, given }: Options,
  around: Around,
  parsed: { ports: Ports; policy: { Name: string; MaximumRetryCount: number }; binds: readonly string[]; networkMode: string },
): Promise<HostConfig> {
  return {
    Binds: orNull(parsed.binds),
    ContainerIDFile: flags.cidfile,
    NetworkMode: parsed.networkMode,
    PortBindings: parsed.ports.bindings,
    RestartPolicy: parsed.policy as NonNullable<HostConfig["RestartPolicy"]>,
    AutoRemove: flags.rm,
    VolumeDriver: flags["volume-driver"],
    VolumesFrom: orNull(flags["volumes-from"]),
    ...(flags.mount.length > 0 && { Mounts: flags.mount }),
    CapAdd: orNull(capabilitiesOf(flags["cap-add"])),
    CapDrop: orNull(capabilitiesOf(flags["cap-drop"])),
    CgroupnsMode: flags.cgroupns,
    ...(flags.isolation !== "" && { Isolation: flags.isolation }),
    Dns: flags.dns,
    DnsOptions: [...flags["dns-option"], ...flags["dns-opt"]],
    DnsSearch: flags["dns-search"],
    ExtraHosts: orNull(flags["add-host"].map((text) => splitAddHost(text).join(":"))),
    GroupAdd: orNull(flags["group-add"]),
    IpcMode: flags.ipc,
    Links: orNull(flags.link),
    OomScoreAdj: flags["oom-score-adj"],
    PidMode: flags.pid,
    Privileged: flags.privileged,
    PublishAllPorts: flags["publish-all"],
    ReadonlyRootfs: flags["read-only"],
    SecurityOpt: orNull(await Promise.all(flags["security-opt"].map((text) => securityOption(text, around)))),
    ...(flags["storage-opt"].length > 0 && { StorageOpt: recordOf(flags["storage-opt"]) }),
    ...(flags.tmpfs.length > 0 && { Tmpfs: tmpfsOf(flags.tmpfs) }),
    UTSMode: flags.uts,
    UsernsMode: flags.userns,
    ShmSize: flags["shm-size"] ?? 0,
    ...(flags.sysctl.length > 0 && { Sysctls: recordOf(flags.sysctl) }),
    ...(flags.runtime !== "" && { Runtime: flags.runtime }),
    ...(given.has("init") && { Init: flags.init }),
    ...(flags.annotation.length > 0 && { Annotations: recordOf(flags.annotation) }),
    LogConfig: { Type: flags["log-driver"], Config: recordOf(flags["log-opt"]) },
    Devices: flags.device.map(deviceOf),
    BlkioWeightDevice: flags["blkio-weight-device"],
    BlkioDeviceReadBps: flags["device-read-bps"],
    BlkioDeviceReadIOps: flags["device-read-iops"],
    BlkioDeviceWriteBps: flags["device-write-bps"],
    BlkioDeviceWriteIOps: flags["device-write-iops"],
    ...ifAny({
      DeviceCgroupRules: flags["device-cgroup-rule"],
      DeviceRequests: flags.gpus,
    }),
    ...(flags["kernel-memory"] !== null && { KernelMemory: flags["kernel-memory"] }),
    ...(flags.isolation !== "" && { Isolation: flags.isolation }),
    ...resourcesOf(flags),
    Ulimits: flags.ulimit.map(parseUlimit),
    OomKillDisable: flags["oom-kill-disable"],
    MemorySwappiness: flags["memory-swappiness"],
    CgroupParent: flags["cgroup-parent"],
  };
}

/** Docker sends null for some lists without anything, and inspect shows what was sent. */
function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length > 0 ? list : null;
}

type Flags = Options["flags"];
type ResourceFlags = Pick<
  Flags,
  | "memory"
  | "memory-reservation"
  | "memory-swap"
  | "cpus"
  | "cpu-shares"
  | "cpu-period"
  | "cpu-quota"
  | "cpu-rt-period"
  | "cpu-rt-runtime"
  | "cpuset-cpus"
  | "cpuset-mems"
  | "blkio-weight"
  | "pids-limit"
>;

/** The limits that `update` can change too. */
export function resourcesOf(flags: ResourceFlags): HostConfig {
  return {
    Memory: flags.memory ?? 0,
    MemoryReservation: flags["memory-reservation"] ?? 0,
    MemorySwap: flags["memory-swap"] ?? 0,
    NanoCpus: flags.cpus ?? 0,
    CpuShares: flags["cpu-shares"],
    CpuPeriod: flags["cpu-period"],
    CpuQuota: flags["cpu-quota"],
    CpusetCpus: flags["cpuset-cpus"],
    CpusetMems: flags["cpuset-mems"],
    BlkioWeight: flags["blkio-weight"],
    ...(flags["cpu-rt-period"] !== 0 && { CpuRealtimePeriod: flags["cpu-rt-period"] }),
    ...(flags["cpu-rt-runtime"] !== 0 && { CpuRealtimeRuntime: flags["cpu-rt-runtime"] }),
    ...(flags["pids-limit"] !== null && { PidsLimit: flags["pids-limit"] }),
  };
}

/** Lists that have something in them. */
function ifAny<T extends Readonly<Record<string, readonly unknown[]>>>(lists: T): Partial<T> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<T>;
}

function healthOf(flags: Flags, given: Options["given"]): HealthConfig | null {
  const asked = [...given].some((name) => name.startsWith("health-"));
  if (flags["no-healthcheck"]) {
    if (asked) throw new Error("--no-healthcheck conflicts with --health-* options");
    return { Test: ["NONE"] };
  }
  if (!asked) return null;
  for (const name of ["interval", "timeout", "start-period", "start-interval"] as const) {
    if ((flags[`health-${name}`] ?? 0) < 0) throw new Error(`--health-${name} cannot be negative`);
  }
  if (flags["health-retries"] < 0) throw new Error("--health-retries cannot be negative");
  return {
    ...(given.has("health-cmd") && { Test: ["CMD-SHELL", flags["health-cmd"]] }),
    Interval: flags["health-interval"] ?? 0,
    Timeout: flags["health-timeout"] ?? 0,
    StartPeriod: flags["health-start-period"] ?? 0,
    ...(flags["health-start-interval"] !== null && { StartInterval: flags["health-start-interval"] }),
    Retries: flags["health-retries"],
  };
}

/** Of variables with one name the last counts. */
function lastOfEach(variables: readonly string[]): readonly string[] {
  return [...new Map(variables.map((variable) => [variable.split("=", 1).join(""), variable])).values()];
}

/** `-v path` makes an anonymous volume, `-v source:path[:options]` a bind; a source that starts with a dot is relative to here. */
function volumesOf(texts: readonly string[], { cwd }: Around): { binds: string[]; anonymous: Record<string, object> } {
  const binds: string[] = [];
  const anonymous: Record<string, object> = {};
  for (const text of texts) {
    if (text === "") throw new Error("invalid empty volume spec");
    if (/^:|::|:$/.test(text)) throw new Error(`invalid spec: ${text}: empty section between colons`);
    const colon = text.indexOf(":");
    if (colon < 0) anonymous[text] = {};
    else {
      const source = text.slice(0, colon);
      binds.push(source.startsWith(".") && !isAbsolute(source) ? resolve(cwd, source) + text.slice(colon) : text);
    }
  }
  return { binds, anonymous };
}

function tmpfsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [path = "", ...options] = text.split(":");
      return [path, options.join(":")];
    }),
  );
}

/** As the client sends them: `CAP_KILL` or `ALL`, each once and sorted. */
function capabilitiesOf(names: readonly string[]): readonly string[] {
  const full = names
    .map((name) => name.trim().toUpperCase())
    .map((name) => (name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`));
  return [...new Set(full)].toSorted();
}

/** `--device /dev/a[:/dev/b[:rwm]]` */
function deviceOf(text: string): object {
  const [source = "", second, third] = text.split(":");
  const isMode = (part: string | undefined): boolean => part !== undefined && /^[rwm]+$/.test(part);
  if (second !== undefined && third === undefined && isMode(second)) {
    return { PathOnHost: source, PathInContainer: source, CgroupPermissions: second };
  }
  return { PathOnHost: source, PathInContainer: second ?? source, CgroupPermissions: third ?? "rwm" };
}

/** A seccomp profile is read here, because the engine sees other files. */
async function securityOption(text: string, around: Around): Promise<string> {
  const [, path] = /^seccomp[=:](.*)$/s.exec(text) ?? [];
  if (path === undefined || path === "unconfined" || path === "builtin") return text;
  try {
    return `seccomp=${JSON.stringify(JSON.parse((await readFileBytes(path, PROFILE_BYTES, around)).toString()))}`;
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : `open ${path}: ${goErrno(cause)}`;
    throw new Error(`opening seccomp profile (${path}) failed: ${reason}`, { cause });
  }
}
