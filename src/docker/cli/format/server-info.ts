import { bytesSize } from "./human-units.ts";

type Info = Readonly<Record<string, unknown>>;

/** The engine's part of `docker info`, in docker's layout: what the engine says nothing about is left out. */
export function serverInfo(info: Info): { text: string; warnings: readonly string[] } {
  const lines: string[] = [];
  const line = (indent: number, name: string, value: unknown): void => {
    if (value !== undefined && value !== null) lines.push(`${" ".repeat(indent)}${name}: ${value as string}`);
  };
  const some = (indent: number, name: string, value: unknown): void => {
    if (value !== "") line(indent, name, value);
  };
  line(1, "Containers", info["Containers"]);
  line(2, "Running", info["ContainersRunning"]);
  line(2, "Paused", info["ContainersPaused"]);
  line(2, "Stopped", info["ContainersStopped"]);
  line(1, "Images", info["Images"]);
  some(1, "Server Version", info["ServerVersion"]);
  line(1, "Storage Driver", info["Driver"]);
  for (const [name, value] of (info["DriverStatus"] ?? []) as readonly [string, string][]) line(2, name, value);
  some(1, "Logging Driver", info["LoggingDriver"]);
  some(1, "Cgroup Driver", info["CgroupDriver"]);
  some(1, "Cgroup Version", info["CgroupVersion"]);
  const plugins = (info["Plugins"] ?? {}) as Readonly<Record<string, readonly string[] | null>>;
  lines.push(" Plugins:");
  for (const kind of ["Volume", "Network", "Authorization", "Log"]) {
    const names = plugins[kind] ?? [];
    if (kind !== "Authorization" || names.length > 0) line(2, kind, names.join(" "));
  }
  line(1, "Swarm", (info["Swarm"] as { LocalNodeState?: string } | undefined)?.LocalNodeState);
  const runtimes = Object.keys(info["Runtimes"] ?? {});
  if (runtimes.length > 0) line(1, "Runtimes", runtimes.toSorted().join(" "));
  some(1, "Default Runtime", info["DefaultRuntime"]);
  some(1, "Init Binary", info["InitBinary"]);
  for (const [name, key] of [
    ["containerd", "ContainerdCommit"],
    ["runc", "RuncCommit"],
    ["init", "InitCommit"],
  ] as const) {
    line(1, `${name} version`, (info[key] as { ID?: string } | undefined)?.ID);
  }
  const security = (info["SecurityOptions"] ?? []) as readonly string[];
  if (security.length > 0) lines.push(" Security Options:", ...security.flatMap(securityLines));
  some(1, "Kernel Version", info["KernelVersion"]);
  some(1, "Operating System", info["OperatingSystem"]);
  some(1, "OSType", info["OSType"]);
  some(1, "Architecture", info["Architecture"]);
  line(1, "CPUs", info["NCPU"]);
  line(1, "Total Memory", bytesSize(Number(info["MemTotal"] ?? 0)));
  some(1, "Name", info["Name"]);
  some(1, "ID", info["ID"]);
  line(1, "Docker Root Dir", info["DockerRootDir"]);
  line(1, "Debug Mode", info["Debug"]);
  for (const [name, key] of [
    ["HTTP Proxy", "HttpProxy"],
    ["HTTPS Proxy", "HttpsProxy"],
    ["No Proxy", "NoProxy"],
  ] as const)
    some(1, name, info[key]);
  some(1, "Registry", info["IndexServerAddress"]);
  if (info["Labels"]) lines.push(" Labels:", ...(info["Labels"] as readonly string[]).map((label) => `  ${label}`));
  line(1, "Experimental", info["ExperimentalBuild"]);
  const registries = insecureRegistries(info["RegistryConfig"]);
  if (registries.length > 0) lines.push(" Insecure Registries:", ...registries.map((name) => `  ${name}`));
  line(1, "Live Restore Enabled", info["LiveRestoreEnabled"]);
  return { text: `${lines.join("\n")}\n\n`, warnings: (info["Warnings"] ?? []) as readonly string[] };
}

function insecureRegistries(config: unknown): readonly string[] {
  const { IndexConfigs, InsecureRegistryCIDRs } = (config ?? {}) as {
    readonly IndexConfigs?: Readonly<Record<string, { readonly Secure?: boolean }>> | null;
    readonly InsecureRegistryCIDRs?: readonly string[] | null;
  };
  const named = Object.entries(IndexConfigs ?? {}).filter(([, { Secure }]) => Secure === false);
  return [...named.map(([name]) => name), ...(InsecureRegistryCIDRs ?? [])];
}

/** `name=seccomp,profile=default` as ` seccomp` and `Profile: default` below it. */
function securityLines(option: string): readonly string[] {
  const parts = option.split(",").map((part) => part.split("=", 2) as [string, string | undefined]);
  const name = parts.find(([key]) => key === "name")?.[1] ?? option;
  const others = parts
    .filter(([key]) => key !== "name")
    .map(([key, value]) => `   ${key.charAt(0).toUpperCase()}${key.slice(1)}: ${value ?? ""}`);
  return [`  ${name}`, ...others];
}
