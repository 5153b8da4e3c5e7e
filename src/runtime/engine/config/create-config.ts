import { InvalidArgumentError } from "../../../base/errors.ts";
import type { ContainerConfig, ContainerCreateRequest, HostConfig } from "../../../docker/api/types.ts";
import type { ImageRunConfig } from "../../../oci/image-config.ts";
import { checkHealth } from "./check-health.ts";
import { checkLimits } from "./check-limits.ts";
import { checkMountOptions } from "./check-mounts.ts";
import { checkModes } from "./check-modes.ts";
import { keyOf } from "./environment.ts";
import { parseSignal } from "./signals.ts";
import { maskedPaths, readonlyPaths } from "./spec.ts";

/**
 * A container's `Config`: what the request says, completed from the image as Docker does.
 * @throws InvalidArgumentError `No command specified`.
 */
export function mergeConfig(request: ContainerCreateRequest, image: ImageRunConfig, id: string): ContainerConfig {
  const env = [...(request.Env ?? [])];
  for (const variable of image.Env ?? []) if (!env.some((own) => keyOf(own) === keyOf(variable))) env.push(variable);
  const hasEntrypoint = (request.Entrypoint ?? []).length > 0;
  const hasCmd = (request.Cmd ?? []).length > 0;
  let entrypoint = hasEntrypoint ? request.Entrypoint : (request.Entrypoint ?? image.Entrypoint ?? null);
  const cmd = hasEntrypoint || hasCmd ? (request.Cmd ?? null) : (image.Cmd ?? null);
  // `--entrypoint ""` takes the image's away.
  if (entrypoint?.length === 1 && entrypoint[0] === "") entrypoint = null;
  if ((entrypoint?.length ?? 0) === 0 && (cmd?.length ?? 0) === 0) throw new InvalidArgumentError("No command specified");
  const exposed = { ...image.ExposedPorts, ...request.ExposedPorts };
  const volumes = { ...image.Volumes, ...request.Volumes };
  const healthcheck = mergeHealthcheck(request.Healthcheck ?? null, image.Healthcheck ?? null);
  const stopSignal = request.StopSignal || image.StopSignal;
  const stopTimeout = request.StopTimeout ?? image.StopTimeout;
  return {
    Hostname: request.Hostname || id.slice(0, 12),
    Domainname: request.Domainname ?? "",
    User: request.User || image.User || "",
    AttachStdin: request.AttachStdin ?? false,
    AttachStdout: request.AttachStdout ?? false,
    AttachStderr: request.AttachStderr ?? false,
    ...(Object.keys(exposed).length > 0 && { ExposedPorts: exposed }),
    Tty: request.Tty ?? false,
    OpenStdin: request.OpenStdin ?? false,
    StdinOnce: request.StdinOnce ?? false,
    Env: env,
    Cmd: cmd,
    ...(healthcheck && { Healthcheck: healthcheck }),
    Image: request.Image ?? "",
    Volumes: Object.keys(volumes).length > 0 ? volumes : null,
    WorkingDir: request.WorkingDir || image.WorkingDir || "",
    Entrypoint: entrypoint ?? null,
    ...(request.NetworkDisabled === true && { NetworkDisabled: true }),
    OnBuild: null,
    Labels: { ...image.Labels, ...request.Labels },
    ...((request.Shell ?? []).length > 0 && { Shell: request.Shell }),
    ...(stopSignal && { StopSignal: stopSignal }),
    ...(stopTimeout !== undefined && stopTimeout !== null && { StopTimeout: stopTimeout }),
  };
}

/** `HostConfig` with Docker's defaults for what was not said. */
export function completeHostConfig(request: HostConfig, cgroupVersion: 1 | 2 | null = null): HostConfig {
  return {
    ...defaultHostConfig,
    ...Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)),
    RestartPolicy: { Name: request.RestartPolicy?.Name || "no", MaximumRetryCount: request.RestartPolicy?.MaximumRetryCount ?? 0 },
    NetworkMode: request.NetworkMode || "default",
    IpcMode: request.IpcMode || "private",
    CgroupnsMode: request.CgroupnsMode || (cgroupVersion === 2 ? "private" : "host"),
    Runtime: request.Runtime || "runc",
    ShmSize: request.ShmSize || 64 * 1024 * 1024,
    PortBindings: Object.fromEntries(
      Object.entries(request.PortBindings ?? {}).map(([port, bindings]) => [
        port,
        bindings?.map(({ HostIp = "", HostPort = "" }) => ({ HostIp, HostPort })) ?? null,
      ]),
    ),
    // As dockerd settles them: as much swap again as memory, and null for what clients send as "not said".
    MemorySwap: request.Memory && !request.MemorySwap ? request.Memory * 2 : (request.MemorySwap ?? 0),
    MemorySwappiness: request["MemorySwappiness"] === -1 ? null : (request["MemorySwappiness"] ?? null),
    PidsLimit: request.PidsLimit || null,
    SecurityOpt: isUnlabelled(request) ? [...(request.SecurityOpt ?? []), "label=disable"] : (request.SecurityOpt ?? null),
    // In Docker's order, which clients print.
    Ulimits: (request.Ulimits ?? []).map(({ Name, Hard, Soft }) => ({ Name, Hard, Soft })),
    ConsoleSize: request.ConsoleSize ?? [0, 0],
    MaskedPaths: request.Privileged === true ? null : (request.MaskedPaths ?? maskedPaths),
    ReadonlyPaths: request.Privileged === true ? null : (request.ReadonlyPaths ?? readonlyPaths),
    LogConfig: completeLogConfig(request["LogConfig"] as { Type?: string; Config?: object | null } | null | undefined),
  };
}

/** Where SELinux would have nothing to keep apart, Docker says so. */
function isUnlabelled({ Privileged, PidMode, IpcMode, SecurityOpt }: HostConfig): boolean {
  const isLabelled = (SecurityOpt ?? []).some((option) => option.startsWith("label"));
  return !isLabelled && (Privileged === true || PidMode === "host" || IpcMode === "host");
}

function completeLogConfig(asked: { readonly Type?: string; readonly Config?: object | null } | null | undefined): object {
  return { Type: asked?.Type || "json-file", Config: asked?.Config ?? {} };
}

/** Refuses what Docker refuses before it makes anything. @throws InvalidArgumentError with Docker's texts. */
export function checkRequest(request: ContainerCreateRequest): void {
  const host = request.HostConfig ?? {};
  if (request.WorkingDir && !request.WorkingDir.startsWith("/")) {
    throw new InvalidArgumentError(`the working directory '${request.WorkingDir}' is invalid, it needs to be an absolute path`);
  }
  if (request.StopSignal) parseSignal(request.StopSignal);
  for (const variable of request.Env ?? []) {
    if (variable === "" || variable.startsWith("=")) throw new InvalidArgumentError(`invalid environment variable: ${variable}`);
  }
  checkModes(request);
  checkMountOptions(host.Mounts ?? []);
  checkHealth(request.Healthcheck);
  checkLimits(host, { isNew: true });
  const policy = host.RestartPolicy?.Name ?? "";
  if (host.AutoRemove === true && policy !== "" && policy !== "no") {
    throw new InvalidArgumentError("can't create 'AutoRemove' container with restart policy");
  }
  for (const port of Object.keys(host.PortBindings ?? {})) {
    if (!/^\d{1,5}(-\d{1,5})?(\/(tcp|udp|sctp))?$/.test(port))
      throw new InvalidArgumentError(`invalid port specification: ${JSON.stringify(port)}`);
  }
  if ((host.ShmSize ?? 0) < 0) throw new InvalidArgumentError("SHM size can not be less than 0");
}

function mergeHealthcheck(
  own: (ContainerConfig["Healthcheck"] & object) | null,
  image: ImageRunConfig["Healthcheck"] | null,
): ContainerConfig["Healthcheck"] {
  if (!own) return image;
  return { ...image, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== 0 && value !== null)) };
}

/** Docker's own zero values: clients print them, and scenarios compare. */
const defaultHostConfig = {
  Binds: null,
  ContainerIDFile: "",
  LogConfig: { Type: "json-file", Config: {} },
  NetworkMode: "default",
  PortBindings: {},
  RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
  AutoRemove: false,
  VolumeDriver: "",
  VolumesFrom: null,
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: "host",
  Dns: null,
  DnsOptions: null,
  DnsSearch: null,
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: "private",
  Cgroup: "",
  Links: null,
  OomScoreAdj: 0,
  PidMode: "",
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  UTSMode: "",
  UsernsMode: "",
  ShmSize: 64 * 1024 * 1024,
  Runtime: "runc",
  ConsoleSize: [0, 0],
  Isolation: "",
  CpuShares: 0,
  Memory: 0,
  NanoCpus: 0,
  CgroupParent: "",
  BlkioWeight: 0,
  BlkioWeightDevice: null,
  BlkioDeviceReadBps: null,
  BlkioDeviceWriteBps: null,
  BlkioDeviceReadIOps: null,
  BlkioDeviceWriteIOps: null,
  CpuPeriod: 0,
  CpuQuota: 0,
  CpuRealtimePeriod: 0,
  CpuRealtimeRuntime: 0,
  CpusetCpus: "",
  CpusetMems: "",
  Devices: null,
  DeviceCgroupRules: null,
  DeviceRequests: null,
  MemoryReservation: 0,
  MemorySwap: 0,
  MemorySwappiness: null,
  OomKillDisable: false,
  PidsLimit: null,
  Ulimits: [],
  CpuCount: 0,
  CpuPercent: 0,
  IOMaximumIOps: 0,
  IOMaximumBandwidth: 0,
} as const;
