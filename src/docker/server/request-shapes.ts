import { InvalidArgumentError } from "../../base/errors.ts";

type Kind = "string" | "bool" | "int" | "[]string" | "strslice.StrSlice" | "map[string]string" | "map" | "struct" | "[]struct" | "[]int";
/** The kind of each field that is read; others pass unread. Null stands for "not given" in all of them. */
export type Shape = Readonly<Record<string, Kind>>;

const isMap = (value: unknown): boolean => typeof value === "object" && !Array.isArray(value);
const isListOf =
  (type: string) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every((each) => typeof each === type);

const ACCEPTS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  bool: (value) => typeof value === "boolean",
  int: Number.isSafeInteger,
  "[]string": isListOf("string"),
  "strslice.StrSlice": isListOf("string"),
  "map[string]string": (value) => isMap(value) && Object.values(value as object).every((each) => typeof each === "string"),
  map: isMap,
  struct: isMap,
  "[]struct": (value) => Array.isArray(value) && value.every((each) => each !== null && isMap(each)),
  "[]int": isListOf("number"),
};

/**
 * Checks a decoded JSON object against `shape`, so that the engine sees no field of another type than it declares.
 * A command given as one string becomes a list of it, as in Docker.
 * @throws InvalidArgumentError naming the field, in the daemon's words.
 */
export function checkShape(type: string, value: unknown, shape: Shape): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError(`invalid JSON: json: cannot unmarshal ${nameOf(value)} into Go value of type ${type}`);
  }
  const fields = { ...value } as Record<string, unknown>;
  for (const [name, kind] of Object.entries(shape)) {
    const field = fields[name];
    if (field === undefined || field === null) continue;
    if (kind === "strslice.StrSlice" && typeof field === "string") fields[name] = [field];
    else if (!ACCEPTS[kind](field)) {
      throw new InvalidArgumentError(
        `invalid JSON: json: cannot unmarshal ${nameOf(field)} into Go struct field ${type}.${name} of type ${kind}`,
      );
    }
  }
  return fields;
}

function nameOf(value: unknown): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value === "boolean" ? "bool" : typeof value;
}

export const containerConfigShape: Shape = {
  Hostname: "string",
  Domainname: "string",
  User: "string",
  AttachStdin: "bool",
  AttachStdout: "bool",
  AttachStderr: "bool",
  ExposedPorts: "map",
  Tty: "bool",
  OpenStdin: "bool",
  StdinOnce: "bool",
  Env: "[]string",
  Cmd: "strslice.StrSlice",
  Healthcheck: "struct",
  Image: "string",
  Volumes: "map",
  WorkingDir: "string",
  Entrypoint: "strslice.StrSlice",
  NetworkDisabled: "bool",
  MacAddress: "string",
  OnBuild: "[]string",
  Labels: "map[string]string",
  StopSignal: "string",
  StopTimeout: "int",
  Shell: "strslice.StrSlice",
  HostConfig: "struct",
  NetworkingConfig: "struct",
};

export const hostConfigShape: Shape = {
  Binds: "[]string",
  NetworkMode: "string",
  PortBindings: "map",
  RestartPolicy: "struct",
  AutoRemove: "bool",
  VolumesFrom: "[]string",
  Mounts: "[]struct",
  ConsoleSize: "[]int",
  CapAdd: "strslice.StrSlice",
  CapDrop: "strslice.StrSlice",
  Dns: "[]string",
  DnsOptions: "[]string",
  DnsSearch: "[]string",
  ExtraHosts: "[]string",
  GroupAdd: "[]string",
  Links: "[]string",
  Privileged: "bool",
  PublishAllPorts: "bool",
  ReadonlyRootfs: "bool",
  SecurityOpt: "[]string",
  Tmpfs: "map[string]string",
  ShmSize: "int",
  Sysctls: "map[string]string",
  Runtime: "string",
  Memory: "int",
  MemoryReservation: "int",
  MemorySwap: "int",
  NanoCpus: "int",
  CpuShares: "int",
  CpuPeriod: "int",
  CpuQuota: "int",
  PidsLimit: "int",
  Ulimits: "[]struct",
  OomKillDisable: "bool",
  OomScoreAdj: "int",
  Init: "bool",
  PidMode: "string",
  IpcMode: "string",
  UTSMode: "string",
  UsernsMode: "string",
  CgroupnsMode: "string",
  Annotations: "map[string]string",
  MaskedPaths: "[]string",
  ReadonlyPaths: "[]string",
  Devices: "[]struct",
  DeviceRequests: "[]struct",
  DeviceCgroupRules: "[]string",
  BlkioWeightDevice: "[]struct",
  BlkioDeviceReadBps: "[]struct",
  BlkioDeviceWriteBps: "[]struct",
  BlkioDeviceReadIOps: "[]struct",
  BlkioDeviceWriteIOps: "[]struct",
  LogConfig: "struct",
  StorageOpt: "map[string]string",
  CpusetCpus: "string",
  CpusetMems: "string",
  CgroupParent: "string",
  VolumeDriver: "string",
  Isolation: "string",
};

export const execConfigShape: Shape = {
  AttachStdin: "bool",
  AttachStdout: "bool",
  AttachStderr: "bool",
  DetachKeys: "string",
  Tty: "bool",
  Env: "[]string",
  Cmd: "strslice.StrSlice",
  Privileged: "bool",
  User: "string",
  WorkingDir: "string",
  ConsoleSize: "[]int",
};

export const execStartShape: Shape = { Detach: "bool", Tty: "bool", ConsoleSize: "[]int" };

export const networkCreateShape: Shape = {
  Name: "string",
  Driver: "string",
  Internal: "bool",
  IPAM: "struct",
  Options: "map[string]string",
  Labels: "map[string]string",
};

export const networkMemberShape: Shape = { Container: "string", EndpointConfig: "struct", Force: "bool" };

export const volumeCreateShape: Shape = {
  Name: "string",
  Driver: "string",
  DriverOpts: "map[string]string",
  Labels: "map[string]string",
};
