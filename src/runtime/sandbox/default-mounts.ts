import type { MountSpec, RuntimeSpec } from "../../oci/runtime-spec.ts";

/** The default mounts, each replaced in its place by the spec's own for the same destination, then the spec's others. */
export function withDefaults(spec: RuntimeSpec): readonly MountSpec[] {
  const defaults = defaultMounts(spec.linux.shmSize);
  const places = new Set(defaults.map((mount) => mount.destination));
  const own = new Map(spec.mounts.map((mount) => [mount.destination, mount]));
  return [
    ...defaults.map((mount) => own.get(mount.destination) ?? mount),
    ...spec.mounts.filter((mount) => !places.has(mount.destination)),
  ];
}

/** What every Docker container has mounted, in Docker's order. */
function defaultMounts(shmSize: number): readonly MountSpec[] {
  return [
    { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
    { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"] },
    { destination: "/dev/pts", type: "devpts", source: "devpts", options: [] },
    { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"] },
    { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: [] },
    { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"] },
    ...(shmSize > 0 ? [shm(shmSize)] : []),
  ];
}

function shm(size: number): MountSpec {
  return { destination: "/dev/shm", type: "tmpfs", source: "shm", options: ["nosuid", "noexec", "nodev", "mode=1777", `size=${size}`] };
}
