import type { MountSpec, RuntimeSpec } from "../../oci/runtime-spec.ts";
import { cloneFlags, type InitOp, mountAttributes } from "../kernel/ops.ts";
import { withDefaults } from "./default-mounts.ts";
import { parseMountOptions } from "./mount-options.ts";
import { enterCgroups, hasUnifiedCgroup, oomScore, processOps } from "./process-ops.ts";

/** Device nodes cannot be made in a user namespace, so the engine's are bound in. */
const DEVICES = ["null", "zero", "full", "random", "urandom", "tty"];

/** Where the engine's own files are in its view: the root, the shared images, the programs (launch/engine-world.ts). */
const ENGINE_PLACE = "/run/slipway";

const DEV_LINKS: Readonly<Record<string, string>> = {
  fd: "/proc/self/fd",
  stdin: "/proc/self/fd/0",
  stdout: "/proc/self/fd/1",
  stderr: "/proc/self/fd/2",
  core: "/proc/kcore",
  ptmx: "pts/ptmx",
};

/** What the sandbox prepared before the process: the engine's paths of the container's own devpts, and the terminal's number in it. */
export interface Prepared {
  readonly devpts: string;
  readonly terminal: number | null;
}

/**
 * What a new container's process 1 does to become its program, born in its pid namespace and else in the engine's. Everything from the
 * engine's side is opened first; then the rootfs becomes "/", and only then are destinations looked up, so that links in an image stay in it.
 */
export function sandboxOps(spec: RuntimeSpec, prepared: Prepared): readonly InitOp[] {
  const { join } = spec.linux;
  const mounts = withDefaults(spec);
  const shared = [join.network, join.ipc, join.uts].filter((path) => path !== undefined);
  const unshared =
    cloneFlags.mount |
    (join.uts === undefined ? cloneFlags.uts : 0) |
    (join.ipc === undefined ? cloneFlags.ipc : 0) |
    (spec.linux.ownCgroupRoot === true ? cloneFlags.cgroup : 0);
  return [
    ...enterCgroups(spec.linux.cgroups),
    ...oomScore(spec.process),
    { op: "setns", paths: shared },
    { op: "unshare", flags: unshared },
    ...(join.uts === undefined ? names(spec) : []),
    { op: "propagation", kind: "slave" },
    { op: "open", id: "null", path: "/dev/null" },
    ...DEVICES.map((name): InitOp => ({ op: "clone_tree", id: `/dev/${name}`, path: `/dev/${name}`, recursive: false, attributes: 0 })),
    ...mounts.flatMap((mount, index) => openMount(mount, String(index), spec, prepared)),
    { op: "pivot", root: spec.root.path },
    ...mounts.flatMap((mount, index) => attachMount(mount, String(index), spec)),
    ...(prepared.terminal === null ? [] : [{ op: "bind_file", from: `/dev/pts/${prepared.terminal}`, to: "/dev/console" } as const]),
    { op: "mkdir", path: spec.process.cwd, mode: 0o755 },
    ...Object.entries(spec.linux.sysctl).map(([name, value]): InitOp => ({ op: "sysctl", name, value })),
    ...spec.linux.readonlyPaths.map((path): InitOp => ({ op: "readonly", path })),
    ...spec.linux.maskedPaths.map((path): InitOp => ({ op: "mask", path })),
    { op: "drop_old_root" },
    ...(spec.root.readonly ? [{ op: "readonly_root" } as const] : []),
    ...processOps(spec.process, prepared.terminal),
  ];
}

/** Paths below /proc/self would be the new process's own. */
export function absolutePaths(spec: RuntimeSpec): RuntimeSpec {
  const network = spec.linux.join.network.replace(/^\/proc\/self\//, `/proc/${process.pid}/`);
  return { ...spec, linux: { ...spec.linux, join: { ...spec.linux.join, network } } };
}

function names(spec: RuntimeSpec): readonly InitOp[] {
  const hostname: InitOp = { op: "hostname", name: spec.hostname };
  return spec.domainname === undefined || spec.domainname === "" ? [hostname] : [hostname, { op: "domainname", name: spec.domainname }];
}

/** Of a user's bind: looked at after it is opened. */
export function openOutside(mount: MountSpec, id: string): InitOp {
  const { attributes, recursive } = parseMountOptions(mount.options);
  return {
    op: "clone_outside",
    id,
    path: mount.source,
    recursive,
    attributes,
    own: ENGINE_PLACE,
    ...(mount.within && { within: mount.within }),
  };
}

function openMount(mount: MountSpec, id: string, spec: RuntimeSpec, prepared: Prepared): readonly InitOp[] {
  const { attributes, data, recursive } = parseMountOptions(mount.options);
  const { readonly, nosuid, noexec, nodev } = mountAttributes;
  switch (mount.type) {
    case "bind":
      return mount.fromUser === true ? [openOutside(mount, id)] : [{ op: "clone_tree", id, path: mount.source, recursive, attributes }];
    case "devpts":
      return [{ op: "clone_tree", id, path: prepared.devpts, recursive: false, attributes: nosuid | noexec }];
    case "sysfs":
      return [{ op: "make_sysfs", id, attributes }];
    case "cgroup":
      if (spec.linux.cgroups.length === 0) return [];
      return [
        ...(hasUnifiedCgroup(spec)
          ? []
          : [{ op: "make_fs", id, type: "tmpfs", attributes: nosuid | noexec | nodev, options: ["mode=755"] } as const]),
        ...spec.linux.cgroups.map((path): InitOp => ({
          op: "clone_tree",
          id: path,
          path,
          recursive: false,
          attributes: readonly | nosuid | noexec | nodev,
        })),
      ];
    case "proc":
    case "tmpfs":
    case "mqueue":
      // What `df` and `mount` call it: /dev/shm's is `shm`.
      return [
        {
          op: "make_fs",
          id,
          type: mount.type,
          attributes,
          options: mount.source === mount.type ? data : [...data, `source=${mount.source}`],
        },
      ];
  }
}

function attachMount(mount: MountSpec, id: string, spec: RuntimeSpec): readonly InitOp[] {
  const { destination } = mount;
  if (mount.type === "cgroup") return attachCgroups(spec, destination, id);
  const fixed = mount.type === "proc" || mount.type === "sysfs" || destination === "/dev";
  const attach: InitOp = { op: fixed ? "attach_kernel" : "attach", id, destination };
  if (destination !== "/dev") return [attach];
  return [
    attach,
    ...DEVICES.map((name): InitOp => ({ op: "attach", id: `/dev/${name}`, destination: `/dev/${name}` })),
    ...Object.entries(DEV_LINKS).map(([name, target]): InitOp => ({ op: "symlink", target, path: `/dev/${name}` })),
  ];
}

/** Version 1 has a folder a controller, `/sys/fs/cgroup/CONTROLLER/…`. */
function attachCgroups(spec: RuntimeSpec, destination: string, id: string): readonly InitOp[] {
  const folders = spec.linux.cgroups;
  if (folders.length === 0) return [];
  if (hasUnifiedCgroup(spec)) return folders.map((path) => ({ op: "attach", id: path, destination }));
  return [
    { op: "attach", id, destination },
    ...folders.map((path): InitOp => ({ op: "attach", id: path, destination: `${destination}/${path.split("/")[4]}` })),
  ];
}
