import { cpus, hostname, release, totalmem } from "node:os";
import { readdir, readFile } from "node:fs/promises";
import type { ContainerStatus } from "../../docker/api/types.ts";
import { timestamp, type EngineContext } from "./context.ts";
import { OWN_RUNTIME } from "./config/runtimes.ts";

/** `docker info`. */
export async function info(context: EngineContext): Promise<Readonly<Record<string, unknown>>> {
  const containers = context.registry.all().filter(({ record }) => record.ofBuild !== "hidden");
  const count = (...statuses: readonly ContainerStatus[]): number =>
    containers.filter(({ state }) => statuses.includes(state.status)).length;
  const running = count("running", "restarting");
  const paused = count("paused");
  const system = await osRelease();
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
    BridgeNfIptables: await isOn("/proc/sys/net/bridge/bridge-nf-call-iptables"),
    BridgeNfIp6tables: await isOn("/proc/sys/net/bridge/bridge-nf-call-ip6tables"),
    Debug: false,
    NFd: (await readdir("/proc/self/fd")).length,
    OomKillDisable: context.cgroups.version === 1,
    // Threads: what goroutines run on.
    NGoroutines: (await readdir("/proc/self/task")).length,
    NEventsListener: context.events.listeners,
    SystemTime: timestamp(context),
    LoggingDriver: "json-file",
    CgroupDriver: hasCgroups ? "cgroupfs" : "none",
    CgroupVersion: String(context.cgroups.version ?? ""),
    KernelVersion: release(),
    OperatingSystem: system["PRETTY_NAME"] ?? "Linux",
    OSVersion: system["VERSION_ID"] ?? "",
    OSType: "linux",
    Architecture: process.arch === "x64" ? "x86_64" : process.arch === "arm64" ? "aarch64" : process.arch,
    IndexServerAddress: "https://index.docker.io/v1/",
    RegistryConfig: registryConfig(context.insecureRegistries ?? []),
    NCPU: cpus().length,
    MemTotal: totalmem(),
    GenericResources: null,
    DockerRootDir: context.layout.root,
    HttpProxy: "",
    HttpsProxy: "",
    NoProxy: "",
    Name: hostname(),
    Labels: context.networks.wayOut === "" ? [] : [`io.slipway.way-out=${context.networks.wayOut}`],
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
    // This engine runs containers itself, by none of these.
    ContainerdCommit: { ID: "", Expected: "" },
    RuncCommit: { ID: "", Expected: "" },
    InitCommit: { ID: "", Expected: "" },
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
    AllowNondistributableArtifactsCIDRs: [],
    AllowNondistributableArtifactsHostnames: [],
    IndexConfigs: Object.fromEntries([entry("docker.io", true), ...named.map((name) => entry(name, false))]),
    InsecureRegistryCIDRs: [...insecure.filter((each) => each.includes("/")), "127.0.0.0/8"],
    Mirrors: [],
  };
}

/** Whether a switch of the kernel's is there and on. */
async function isOn(file: string): Promise<boolean> {
  return (await readFile(file, "utf8").catch(() => "")).trim() === "1";
}

/** os-release(5), of the host. */
async function osRelease(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return Object.fromEntries([...text.matchAll(/^(\w+)="?(.*?)"?$/gm)].map(([, name = "", value = ""]) => [name, value]));
}
