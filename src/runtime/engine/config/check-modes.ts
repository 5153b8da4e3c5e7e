import { logRotationOf } from "../../containers/log-rotation.ts";
import { InternalError, InvalidArgumentError, NotImplementedError } from "../../../base/errors.ts";
import type { ContainerCreateRequest, HostConfig } from "../../../docker/api/types.ts";
import { logDetails } from "../log-details.ts";

/** Refuses namespaces, security and logging that are not to be had, or not together. @throws InvalidArgumentError with Docker's texts. */
export function checkModes(request: ContainerCreateRequest): void {
  const host = request.HostConfig ?? {};
  checkSharedNetwork(request);
  checkNamespaces(request);
  for (const option of host.SecurityOpt ?? []) checkSecurityOption(option);
  checkLogging(request, host);
  if (!["", "host"].includes(host.UsernsMode ?? "")) throw new InvalidArgumentError(`invalid user namespace mode: ${host.UsernsMode}`);
  if (!["", "host", "private"].includes(host.CgroupnsMode ?? "")) {
    throw new InvalidArgumentError(`invalid cgroup namespace mode: ${host.CgroupnsMode}`);
  }
  const isolation = typeof host["Isolation"] === "string" ? host["Isolation"] : "";
  if (!["", "default"].includes(isolation)) {
    throw new InvalidArgumentError(`Invalid isolation: ${JSON.stringify(isolation)} - linux only supports 'default'`);
  }
  if (Object.keys((host["StorageOpt"] as object | null | undefined) ?? {}).length > 0) {
    throw new InvalidArgumentError("--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
  }
}

/** There are no drivers of devices such as GPUs, which Docker finds out when a container starts. @throws InternalError in Docker's words. */
export function refuseDeviceRequests(host: HostConfig): void {
  const [device] = (host["DeviceRequests"] as readonly { Driver?: string; Capabilities?: readonly (readonly string[])[] }[] | null) ?? [];
  if (!device) return;
  const capabilities = (device.Capabilities ?? []).map((group) => `[${group.join(" ")}]`).join(" ");
  throw new InternalError(`could not select device driver ${JSON.stringify(device.Driver ?? "")} with capabilities: [${capabilities}]`);
}

/** What a container cannot have of its own in another's network. */
function checkSharedNetwork({ Hostname, ExposedPorts, HostConfig: host = {} }: ContainerCreateRequest): void {
  if (!host.NetworkMode?.startsWith("container:")) return;
  if (host.NetworkMode === "container:") {
    throw new InvalidArgumentError("Invalid network mode: invalid container format container:<name|id>");
  }
  const conflicts: readonly (readonly [asked: boolean, text: string])[] = [
    [Boolean(Hostname), "hostname and the network mode"],
    [(host.Dns ?? []).length > 0, "dns and the network mode"],
    [(host.ExtraHosts ?? []).length > 0, "custom host-to-IP mapping and the network mode"],
    [
      Object.keys(host.PortBindings ?? {}).length > 0 || host.PublishAllPorts === true,
      "port publishing and the container type network mode",
    ],
    [Object.keys(ExposedPorts ?? {}).length > 0, "port exposing and the container type network mode"],
  ];
  const conflict = conflicts.find(([asked]) => asked);
  if (conflict) throw new InvalidArgumentError(`conflicting options: ${conflict[1]}`);
}

function checkNamespaces({ Hostname, HostConfig: host = {} }: ContainerCreateRequest): void {
  const { PidMode = "", IpcMode = "", UTSMode = "" } = host;
  if (!/^(host|container:.+)?$/.test(PidMode)) throw new InvalidArgumentError(`Invalid PID mode: ${PidMode}`);
  if (!/^(host|none|private|shareable|container:.*)?$/.test(IpcMode)) throw new InvalidArgumentError(`Invalid IPC mode: ${IpcMode}`);
  if (!/^(host)?$/.test(UTSMode)) throw new InvalidArgumentError(`Invalid UTS mode: ${UTSMode}`);
  if (UTSMode === "host" && Hostname) throw new InvalidArgumentError("conflicting options: hostname and the UTS mode");
}

/** `label`, `apparmor`, `seccomp` and `systempaths` are taken, as where the host has no such module; the values are the client's to check. */
function checkSecurityOption(option: string): void {
  const [key = "", value] = option.split(/[=:](.*)/s);
  if (value === undefined) {
    if (!["no-new-privileges", "disable"].includes(option)) {
      throw new InvalidArgumentError(`invalid --security-opt 1: ${JSON.stringify(option)}`);
    }
    return;
  }
  const known = ["label", "apparmor", "seccomp", "no-new-privileges"].includes(key);
  if (!known || (key === "no-new-privileges" && !/^(1|0|t|f|true|false)$/i.test(value))) {
    throw new InvalidArgumentError(`invalid --security-opt 2: ${JSON.stringify(option)}`);
  }
}

const JSON_FILE_OPTIONS = new Set("max-file max-size compress labels labels-regex env env-regex tag mode max-buffer-size".split(" "));
/** The daemon's own drivers, which this engine does not have. */
const OTHER_DRIVERS = new Set("awslogs fluentd gcplogs gelf journald local logentries splunk syslog".split(" "));

function checkLogging(config: ContainerCreateRequest, host: HostConfig): void {
  const { Type, Config } = (host["LogConfig"] ?? {}) as { Type?: string; Config?: Readonly<Record<string, string>> | null };
  const driver = Type || "json-file";
  if (OTHER_DRIVERS.has(driver)) throw new NotImplementedError(`logger: no log driver named '${driver}' is registered`);
  if (!["json-file", "none"].includes(driver)) {
    throw new InvalidArgumentError(`error looking up logging plugin ${driver}: plugin ${JSON.stringify(driver)} not found`);
  }
  for (const option of Object.keys(Config ?? {})) {
    if (driver === "none" || !JSON_FILE_OPTIONS.has(option)) {
      throw new InvalidArgumentError(`unknown log opt '${option}' for ${driver} log driver`);
    }
  }
  if (driver === "none") return;
  logRotationOf(host);
  logDetails({ config, hostConfig: host });
}
