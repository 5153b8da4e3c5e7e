import type { Requires } from "../scenario/scenario.generated.ts";
import type { TargetRoot } from "../targets/target.ts";
import { StepProcess, type StepProcessEnd } from "./step-process.ts";

type SystemInfo = Readonly<Record<string, unknown>>;
export type Feature = NonNullable<Requires["features"]>[number];

/** How each is told: by what `docker info` says, or by looking where steps run. */
const FEATURES: Readonly<Record<Feature, (info: SystemInfo, root: TargetRoot) => boolean | Promise<boolean>>> = {
  memoryLimit: ({ MemoryLimit }) => MemoryLimit === true,
  swapLimit: ({ SwapLimit }) => SwapLimit === true,
  cpuLimit: ({ CpuCfsQuota }) => CpuCfsQuota === true,
  cpuShares: ({ CPUShares }) => CPUShares === true,
  cpuset: ({ CPUSet }) => CPUSet === true,
  pidsLimit: ({ PidsLimit }) => PidsLimit === true,
  oomKillDisable: ({ OomKillDisable }) => OomKillDisable === true,
  cgroup2: ({ CgroupVersion }) => CgroupVersion === "2",
  ipv4Forwarding: ({ IPv4Forwarding }) => IPv4Forwarding === true,
  overlay: ({ Driver }) => /^(?:overlay|fuse-overlayfs)/.test(String(Driver)),
  seccomp: hasSecurity("seccomp"),
  apparmor: hasSecurity("apparmor"),
  userns: hasSecurity("userns"),
  rootless: hasSecurity("rootless"),
  terminal: async (_, root) => (await asStep(root, ["test", "-c", "/dev/ptmx"])).exitCode === 0,
  // Routes to everywhere have the destination 0 (proc(5), /proc/net/route).
  outboundNetwork: async (_, root) => /^\S+\s+00000000\s/m.test((await asStep(root, ["cat", "/proc/net/route"])).stdout.text),
};

/** Whether an engine, or the place where its steps run, has what a scenario requires. */
export async function hasFeature(feature: Feature, info: SystemInfo, root: TargetRoot): Promise<boolean> {
  return await FEATURES[feature](info, root);
}

/** What a program ends with where steps run. */
export async function asStep(root: TargetRoot, argv: readonly string[]): Promise<StepProcessEnd> {
  return await new StepProcess({ argv: root.enter(argv), env: root.env, stdin: "", marker: root.marker }).ended();
}

/** Security options are `name=seccomp,profile=default`. */
function hasSecurity(name: string): (info: SystemInfo) => boolean {
  return ({ SecurityOptions }) => {
    const options: readonly unknown[] = Array.isArray(SecurityOptions) ? SecurityOptions : [];
    return options.some((option) => String(option).split(",").includes(`name=${name}`));
  };
}
