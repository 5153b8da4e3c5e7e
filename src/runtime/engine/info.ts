import { cpus, hostname, release, totalmem } from "node:os";
import { readFile } from "node:fs/promises";
import type { ContainerStatus } from "../../docker/api/types.ts";
import { buildCacheRecords } from "./build-cache.ts";
import { timestamp, type EngineContext } from "./context.ts";
import { listContainers } from "./list.ts";
import { OWN_RUNTIME } from "./runtimes.ts";

/** The Engine API's versions that the server speaks. */
export const apiVersion = "1.47";
export const minApiVersion = "1.24";

/** `docker info`. */
export async function info(context: EngineContext): Promise<Readonly<Record<string, unknown>>> {
  const containers = context.registry.all().filter(({ record }) => record.ofBuild !== "hidden");
  const count = (...statuses: readonly ContainerStatus[]): number =>
    containers.filter(({ state }) => statuses.includes(state.status)).length;
  const running = count("running", "restarting");
  const paused = count("paused");
  const hasCgroups = context.cgroups.version !== null;
  return {
    ID: `slipway:${context.layout.root}`,
    Containers: containers.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: containers.length - running - paused,
    Images: (await context.images.all()).length,
    Driver: "overlay2",
    DriverStatus: [["Supports d_type", "true"]],
    Plugins: { Volume: ["local"], Network: ["bridge", "host", "null"], Authorization: null, Log: ["json-file"] },
    MemoryLimit: hasCgroups,
    SwapLimit: hasCgroups,
    CpuCfsPeriod: hasCgroups,
    CpuCfsQuota: hasCgroups,
    CPUShares: hasCgroups,
    CPUSet: hasCgroups,
    PidsLimit: hasCgroups,
    IPv4Forwarding: true,
    Debug: false,
    OomKillDisable: false,
    SystemTime: timestamp(context),
    LoggingDriver: "json-file",
    CgroupDriver: hasCgroups ? "cgroupfs" : "none",
    CgroupVersion: String(context.cgroups.version ?? ""),
    KernelVersion: release(),
    OperatingSystem: await operatingSystem(),
    OSType: "linux",
    Architecture: process.arch === "x64" ? "x86_64" : process.arch === "arm64" ? "aarch64" : process.arch,
    IndexServerAddress: "https://index.docker.io/v1/",
    RegistryConfig: registryConfig(context.insecureRegistries ?? []),
    NCPU: cpus().length,
    MemTotal: totalmem(),
    DockerRootDir: context.layout.root,
    HttpProxy: "",
    HttpsProxy: "",
    NoProxy: "",
    Name: hostname(),
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: context.version,
    Runtimes: Object.fromEntries([
      [OWN_RUNTIME, { path: OWN_RUNTIME }],
      ...[...context.runtimes].map(([name, { path }]) => [name, { path }]),
    ]),
    DefaultRuntime: OWN_RUNTIME,
    Swarm: { NodeID: "", NodeAddr: "", LocalNodeState: "inactive", ControlAvailable: false, Error: "", RemoteManagers: null },
    LiveRestoreEnabled: false,
    Isolation: "",
    InitBinary: "",
    SecurityOptions: ["name=userns"],
    Warnings: null,
  };
}

function registryConfig(insecure: readonly string[]): object {
  const named = insecure.filter((each) => !each.includes("/"));
  const entry = (name: string, official: boolean): readonly [string, object] => [
    name,
    { Mirrors: [], Name: name, Official: official, Secure: official },
  ];
  return {
    IndexConfigs: Object.fromEntries([entry("docker.io", true), ...named.map((name) => entry(name, false))]),
    InsecureRegistryCIDRs: [...insecure.filter((each) => each.includes("/")), "127.0.0.0/8"],
    Mirrors: [],
  };
}

/** `docker version`'s server half. */
export function version(context: EngineContext): Readonly<Record<string, unknown>> {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const details = {
    Experimental: "false",
    ApiVersion: apiVersion,
    MinAPIVersion: minApiVersion,
    Arch: arch,
    Os: "linux",
    KernelVersion: release(),
  };
  return {
    Platform: { Name: "Slipway" },
    Components: [{ Name: "Engine", Version: context.version, Details: details }],
    Version: context.version,
    ...details,
    // A text in the details, but a truth value here, and clients written in Go insist.
    Experimental: false,
    GitCommit: "",
    GoVersion: "",
    BuildTime: "",
  };
}

/** `docker system df`. */
export async function diskUsage(context: EngineContext): Promise<Readonly<Record<string, unknown>>> {
  const [images, containers, volumes, buildCache] = await Promise.all([
    context.images.list({ all: true, filters: {} }),
    listContainers(context, { all: true, limit: 0, size: true, filters: {} }),
    context.volumes.list({}),
    buildCacheRecords(context),
  ]);
  const uses = (volume: string): number => containers.filter(({ Mounts }) => Mounts.some(({ Name }) => Name === volume)).length;
  return {
    LayersSize: images.reduce((sum, { Size }) => sum + Size, 0),
    Images: images.map((image) => ({ ...image, Containers: containers.filter(({ ImageID }) => ImageID === image.Id).length })),
    Containers: containers,
    // Older clients take a volume without UsageData for a bug, and stop.
    Volumes: volumes.Volumes.map((volume) => ({ ...volume, UsageData: { RefCount: uses(volume.Name), Size: -1 } })),
    BuildCache: buildCache,
    BuilderSize: buildCache.reduce((sum, { Size, Shared }) => sum + (Shared ? 0 : Size), 0),
  };
}

async function operatingSystem(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(text)?.[1] ?? "Linux";
}
