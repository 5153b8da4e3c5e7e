import { join } from "node:path";
import type { InitOp } from "../kernel/ops.ts";
import { mountAttributes } from "../kernel/ops.ts";
import { dockerCommand } from "./docker-command.ts";

/** Where everything is for the engine and for what runs beside it: short paths, reachable whatever the real ones are. */
export const world = {
  root: "/run/slipway/root",
  store: "/run/slipway/store",
  sandbox: "/run/slipway/sandbox",
  package: "/run/slipway/package",
  node: "/run/slipway/bin/node",
  docker: "/run/slipway/bin/docker",
  bin: "/run/slipway/bin",
  socket: "/run/slipway/root/docker.sock",
  /** Where Docker has it, and so what people bind into containers. */
  usualSocket: "/run/docker.sock",
} as const;

/** The real places, on the host. */
export interface HostPlaces {
  readonly root: string;
  readonly store: string;
  readonly packageRoot: string;
  readonly node: string;
}

/** Opens the real places. Root does this before its ids are shifted away, an ordinary user when already in the namespaces. */
export function openPlaces(places: HostPlaces): readonly InitOp[] {
  const clone = (id: string, path: string, attributes = 0): InitOp => ({ op: "clone_tree", id, path, recursive: true, attributes });
  return [
    clone("root", places.root),
    clone("store", places.store),
    // No more of the package than runs: an exercise and its solution may lie beside.
    clone("dist", join(places.packageRoot, "dist"), mountAttributes.readonly),
    clone("manifest", join(places.packageRoot, "package.json"), mountAttributes.readonly),
    { ...clone("modules", join(places.packageRoot, "node_modules"), mountAttributes.readonly), optional: true },
    clone("node", places.node, mountAttributes.readonly),
    clone("tmp", join(places.root, "tmp")),
    // Stays writable when the rest of the host is not: the engine makes its containers' cgroups there.
    { ...clone("cgroup", "/sys/fs/cgroup"), optional: true },
    // What /etc/resolv.conf often points to.
    { ...clone("resolver", "/run/systemd/resolve", mountAttributes.readonly), optional: true },
  ];
}

const RESOLV_CONF = "/run/slipway/resolv.conf";

/**
 * Makes the engine's view of the file system, as process 1 of its namespaces: /run, /tmp, /dev/shm and /proc are its own, the rest is the host's.
 * `resolvConf`: what /etc/resolv.conf holds in place of the host's; null leaves that. `sealed`: the host's is read-only and the homes are empty, for steps that nobody has reason to trust. `graded`: the same, and what is in it can make no
 * user namespace, in which it would have every capability again. `dockerStart`: what makes Node run our docker.
 */
export function furnish(options: {
  readonly resolvConf: string | null;
  readonly sealed: boolean;
  readonly graded: boolean;
  readonly dockerStart: readonly string[];
}): readonly InitOp[] {
  const { nosuid, nodev, noexec } = mountAttributes;
  const docker = dockerCommand({ node: world.node, start: options.dockerStart, host: `unix://${world.socket}` });
  const scratch = options.graded ? ["size=16m", "nr_inodes=10000"] : [];
  const fs = (type: string, destination: string, attributes: number, ...options: string[]): readonly InitOp[] => [
    { op: "make_fs", id: destination, type, attributes, options },
    { op: "attach", id: destination, destination },
  ];
  return [
    { op: "propagation", kind: "slave" },
    ...(options.sealed
      ? [
          { op: "set_readonly", path: "/", recursive: true } as const,
          ...["/home", "/root", "/var/tmp"].flatMap((folder) =>
            fs("tmpfs", folder, nosuid | nodev, folder === "/var/tmp" ? "mode=1777" : "mode=755", ...scratch),
          ),
          { op: "attach", id: "cgroup", destination: "/sys/fs/cgroup", optional: true } as const,
        ]
      : []),
    ...fs("tmpfs", "/run", nosuid | nodev, "mode=755"),
    // Where the sandbox keeps its containers' terminals.
    ...fs("tmpfs", world.sandbox, nosuid | nodev, "mode=755"),
    ...fs("tmpfs", "/dev/shm", nosuid | nodev, "mode=1777", ...scratch),
    ...fs("proc", "/proc", nosuid | nodev | noexec),
    { op: "attach", id: "root", destination: world.root },
    { op: "attach", id: "store", destination: world.store },
    { op: "attach", id: "dist", destination: `${world.package}/dist` },
    { op: "attach", id: "manifest", destination: `${world.package}/package.json` },
    { op: "attach", id: "modules", destination: `${world.package}/node_modules`, optional: true },
    { op: "attach", id: "node", destination: world.node },
    { op: "attach", id: "tmp", destination: "/tmp" },
    { op: "attach", id: "resolver", destination: "/run/systemd/resolve", optional: true },
    { op: "symlink", target: world.socket, path: world.usualSocket },
    { op: "create", path: world.docker, content: docker, mode: 0o755 },
    ...(options.sealed ? [{ op: "set_readonly", path: "/run", recursive: false } as const] : []),
    { op: "hostname", name: "slipway" },
    { op: "loopback_up" },
    ...(options.resolvConf !== null
      ? [
          { op: "create", path: RESOLV_CONF, content: options.resolvConf, mode: 0o644 } as const,
          { op: "bind_file", from: RESOLV_CONF, to: "/etc/resolv.conf", optional: true } as const,
        ]
      : []),
    ...(options.sealed ? [{ op: "session_keyring", optional: true } as const] : []),
    ...(options.graded
      ? [{ op: "sysctl", name: "user.max_user_namespaces", value: "0" } as const, { op: "no_vsock", optional: true } as const]
      : []),
    { op: "cwd", path: "/" },
  ];
}
