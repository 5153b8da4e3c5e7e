import type { Shape } from "./check-shape.ts";

const endpointShape: Shape = {
  IPAMConfig: { struct: "network.EndpointIPAMConfig", shape: { IPv4Address: "string", IPv6Address: "string", LinkLocalIPs: "[]string" } },
  Links: "[]string",
  Aliases: "[]string",
  MacAddress: "string",
  DriverOpts: "map[string]string",
  GwPriority: "int",
};

const mountShape: Shape = {
  Type: "string",
  Source: "string",
  Target: "string",
  ReadOnly: "bool",
  BindOptions: {
    struct: "mount.BindOptions",
    shape: {
      Propagation: "string",
      CreateMountpoint: "bool",
      NonRecursive: "bool",
      ReadOnlyNonRecursive: "bool",
      ReadOnlyForceRecursive: "bool",
    },
  },
  VolumeOptions: {
    struct: "mount.VolumeOptions",
    shape: {
      NoCopy: "bool",
      Subpath: "string",
      Labels: "map[string]string",
      DriverConfig: { struct: "mount.Driver", shape: { Name: "string", Options: "map[string]string" } },
    },
  },
  TmpfsOptions: { struct: "mount.TmpfsOptions", shape: { SizeBytes: "int", Mode: "int" } },
};

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
  Healthcheck: {
    struct: "container.HealthConfig",
    shape: { Test: "[]string", Interval: "int", Timeout: "int", StartPeriod: "int", StartInterval: "int", Retries: "int" },
  },
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
  NetworkingConfig: {
    struct: "network.NetworkingConfig",
    shape: { EndpointsConfig: { mapOf: { struct: "network.EndpointSettings", shape: endpointShape } } },
  },
};

export const hostConfigShape: Shape = {
  Binds: "[]string",
  NetworkMode: "string",
  PortBindings: { mapOf: { listOf: { struct: "nat.PortBinding", shape: { HostIp: "string", HostPort: "string" } } } },
  RestartPolicy: { struct: "container.RestartPolicy", shape: { Name: "string", MaximumRetryCount: "int" } },
  AutoRemove: "bool",
  VolumesFrom: "[]string",
  Mounts: { listOf: { struct: "mount.Mount", shape: mountShape } },
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
  Ulimits: { listOf: { struct: "units.Ulimit", shape: { Name: "string", Soft: "int", Hard: "int" } } },
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
  LogConfig: { struct: "container.LogConfig", shape: { Type: "string", Config: "map[string]string" } },
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
  IPAM: {
    struct: "network.IPAM",
    shape: {
      Driver: "string",
      Options: "map[string]string",
      Config: { listOf: { struct: "network.IPAMConfig", shape: { Subnet: "string", Gateway: "string", IPRange: "string" } } },
    },
  },
  Options: "map[string]string",
  Labels: "map[string]string",
};

export const networkMemberShape: Shape = {
  Container: "string",
  EndpointConfig: { struct: "network.EndpointSettings", shape: endpointShape },
  Force: "bool",
};

export const volumeCreateShape: Shape = {
  Name: "string",
  Driver: "string",
  DriverOpts: "map[string]string",
  Labels: "map[string]string",
};
