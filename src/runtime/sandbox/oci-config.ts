import type { MountSpec, ProcessSpec, RuntimeSpec } from "../../oci/runtime-spec.ts";
import { withDefaults } from "./default-mounts.ts";
import { hasUnifiedCgroup } from "./process-ops.ts";

/** What a bundle's config.json says beside the spec. */
export interface BundleSurroundings {
  /** Where a user's bind is to be taken from instead, in the order of the mounts that have one. */
  readonly binds: readonly string[];
  /** For `linux.cgroupsPath`; null: the runtime is to leave cgroups alone. */
  readonly cgroupsPath: string | null;
  /** An init program of the host's, static, for a process that wants one. */
  readonly init: string | null;
  /** The terminals' group, where it has an id outside. */
  readonly ttyGroup: number | null;
}

const INIT = "/sbin/docker-init";

/** Larger than JavaScript counts exactly: rlim_t's "unlimited". */
const UNLIMITED = "18446744073709551615";

/**
 * The config.json of an OCI bundle (runtime-spec config.md, version 1.0.2) for the container that our own sandbox would make of `spec`: the same mounts,
 * namespaces, capabilities and limits; no seccomp, no hooks.
 */
export function ociConfig(spec: RuntimeSpec, around: BundleSurroundings): string {
  const { join } = spec.linux;
  const own = join.uts === undefined;
  const withInit = spec.process.init === true && around.init !== null;
  const init: readonly MountSpec[] = withInit
    ? [{ destination: INIT, type: "bind", source: around.init ?? "", options: ["bind", "ro"] }]
    : [];
  const namespace = (type: string, path?: string): object => (path === undefined ? { type } : { type, path });
  return stringify({
    ociVersion: spec.ociVersion,
    // Of another's UTS namespace nothing may be set.
    ...(own && { hostname: spec.hostname }),
    ...(own && spec.domainname && { domainname: spec.domainname }),
    process: ociProcess(spec.process, { initArgs: withInit ? [INIT, "--"] : [] }),
    root: spec.root,
    mounts: [...mounts(spec, around), ...init.map(plainMount)],
    linux: {
      namespaces: [
        namespace("mount"),
        namespace("network", join.network),
        namespace("pid", join.pid),
        namespace("ipc", join.ipc),
        namespace("uts", join.uts),
        ...(spec.linux.ownCgroupRoot === true ? [namespace("cgroup")] : []),
      ],
      ...(around.cgroupsPath !== null && { cgroupsPath: around.cgroupsPath }),
      sysctl: spec.linux.sysctl,
      maskedPaths: spec.linux.maskedPaths,
      readonlyPaths: spec.linux.readonlyPaths,
    },
  });
}

/** What `exec --process FILE` of a runtime takes. */
export function ociProcessFile(process: ProcessSpec): string {
  return stringify(ociProcess(process, { initArgs: [] }));
}

function ociProcess(process: ProcessSpec, { initArgs }: { readonly initArgs: readonly string[] }): object {
  const names = process.capabilities.map((name) => `CAP_${name}`);
  return {
    terminal: process.terminal,
    ...(process.consoleSize && { consoleSize: process.consoleSize }),
    user: process.user,
    args: [...initArgs, ...process.args],
    env: process.env,
    cwd: process.cwd,
    // As Docker: nothing is inheritable (CVE-2022-24769), so that a user other than root has none left after execve.
    capabilities: { bounding: names, effective: names, permitted: names },
    rlimits: process.rlimits,
    noNewPrivileges: process.noNewPrivileges,
    ...(process.oomScoreAdj !== undefined && { oomScoreAdj: process.oomScoreAdj }),
  };
}

function mounts(spec: RuntimeSpec, around: BundleSurroundings): readonly object[] {
  const binds = [...around.binds];
  return withDefaults(spec).flatMap((mount) => {
    switch (mount.type) {
      case "bind":
        return [plainMount(mount.fromUser === true ? { ...mount, source: binds.shift() ?? "" } : mount)];
      case "devpts": {
        const group = around.ttyGroup === null ? [] : [`gid=${around.ttyGroup}`];
        const options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", ...group];
        return [plainMount({ ...mount, options })];
      }
      case "cgroup":
        return cgroupMounts(spec, mount.destination);
      default:
        return [plainMount(mount)];
    }
  });
}

/** As our own: read-only, the container's own folders and no others (version 1), or the tree that its cgroup namespace shows. */
function cgroupMounts(spec: RuntimeSpec, destination: string): readonly object[] {
  const options = ["nosuid", "noexec", "nodev"];
  const { cgroups } = spec.linux;
  if (cgroups.length === 0) return [];
  if (hasUnifiedCgroup(spec)) return [{ destination, type: "cgroup", source: "cgroup", options: [...options, "relatime", "ro"] }];
  return [
    { destination, type: "tmpfs", source: "tmpfs", options: [...options, "mode=755"] },
    ...cgroups.map((source) => ({
      destination: `${destination}/${source.split("/")[4]}`,
      type: "bind",
      source,
      options: ["bind", "ro", ...options],
    })),
  ];
}

function plainMount({ destination, type, source, options }: MountSpec): object {
  const isBind = type !== "bind" || options.includes("bind") || options.includes("rbind");
  // What the local driver and Docker's volumes say to themselves is no option of mount(8).
  const heeded = options.filter((option) => !["z", "Z", "nocopy", "consistent", "cached", "delegated"].includes(option));
  // Below a user's bind all is read-only already, where it was put; not every runtime knows `rro`.
  const known = heeded.map((option) => (option === "rro" ? "ro" : option));
  return { destination, type, source, options: isBind ? known : ["rbind", ...known] };
}

function stringify(value: object): string {
  const text = JSON.stringify(
    value,
    (key, field: unknown) => ((key === "soft" || key === "hard") && Number(field) < 0 ? UNLIMITED : field),
    1,
  );
  return text.replaceAll(`"${UNLIMITED}"`, UNLIMITED);
}
