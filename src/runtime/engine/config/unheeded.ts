import type { HostConfig } from "../../../docker/api/types.ts";

/** What of `HostConfig` has an effect here; docs/engine-api.md says which. */
const heeded: ReadonlySet<string> = new Set(
  [
    "AutoRemove RestartPolicy Privileged CapAdd CapDrop SecurityOpt GroupAdd ReadonlyRootfs Ulimits Sysctls",
    "Binds Mounts VolumeDriver Tmpfs VolumesFrom ShmSize OomScoreAdj PidMode IpcMode UTSMode Init Devices DeviceRequests",
    "NetworkMode PortBindings PublishAllPorts Links ExtraHosts Dns DnsOptions DnsSearch",
    "Memory MemoryReservation MemorySwap NanoCpus CpuShares CpuPeriod CpuQuota PidsLimit OomKillDisable",
    "CpusetCpus CpusetMems MemorySwappiness BlkioWeight BlkioWeightDevice",
    "BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps CgroupnsMode UsernsMode",
    // The client's own, or only for inspect.
    "ContainerIDFile ConsoleSize Annotations Runtime Isolation MaskedPaths ReadonlyPaths",
  ].flatMap((line) => line.split(" ")),
);

/** The values that mean "not said", beside the empty ones. */
const defaults: Readonly<Record<string, unknown>> = {
  MemorySwappiness: -1,
  VolumeDriver: "local",
  LogConfig: { Type: "json-file", Config: {} },
};

/** A warning for each field that is asked for and has no effect here, so that none is dropped silently. */
export function unheededWarnings(request: HostConfig): readonly string[] {
  return Object.entries(request)
    .filter(([field, value]) => !(field === "LogConfig" && isHeededLog(value as LogConfig | null)))
    .filter(([field, value]) => !heeded.has(field) && !isEmpty(value) && JSON.stringify(value) !== JSON.stringify(defaults[field]))
    .map(([field]) => `HostConfig.${field} has no effect on this engine. It is kept and shown by inspect.`);
}

type LogConfig = { readonly Type?: string; readonly Config?: Readonly<Record<string, string>> | null };

/** Logs are turned over as asked, and tell details; what else the driver can be told has no effect. */
const heededLogOptions: ReadonlySet<string> = new Set(["max-size", "max-file", "labels", "labels-regex", "env", "env-regex"]);

function isHeededLog(asked: LogConfig | null): boolean {
  return asked?.Type === "none" || Object.keys(asked?.Config ?? {}).every((option) => heededLogOptions.has(option));
}

/** Nothing, or made of nothing: clients send every field they know. */
function isEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return !value;
  return Object.values(value).every(isEmpty);
}
