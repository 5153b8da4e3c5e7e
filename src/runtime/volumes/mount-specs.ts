import type * as wire from "../../docker/api/types.ts";
import type { MountSpec } from "../../oci/runtime-spec.ts";
import { cleanPath } from "./volume-spec.ts";

/**
 * A container's mounts for its runtime spec, outermost first: `points` as `Volumes.prepare` gave them and inspect shows them,
 * and `HostConfig.Tmpfs`. Sizes of `--mount type=tmpfs` are read from `HostConfig.Mounts`.
 */
export function mountSpecs(points: readonly wire.MountPoint[], hostConfig: wire.HostConfig): readonly MountSpec[] {
  const specs = points.map((point) => (point.Type === "tmpfs" ? tmpfsMount(point, hostConfig) : bindMount(point)));
  for (const [destination, options] of Object.entries(hostConfig.Tmpfs ?? {}))
    specs.push(tmpfs(cleanPath(destination), options.split(",")));
  return specs.toSorted((a, b) => depth(a.destination) - depth(b.destination));
}

function bindMount(point: wire.MountPoint): MountSpec {
  const options = ["rbind", point.RW ? "rw" : "ro"];
  if (point.Propagation !== "") options.push(point.Propagation);
  return { destination: point.Destination, type: "bind", source: point.Source, options };
}

function tmpfsMount(point: wire.MountPoint, hostConfig: wire.HostConfig): MountSpec {
  const asked = hostConfig.Mounts?.find((mount) => mount.Type === "tmpfs" && cleanPath(mount.Target) === point.Destination)?.TmpfsOptions;
  const options = asked?.SizeBytes ? [`size=${asked.SizeBytes}`] : [];
  if (asked?.Mode) options.push(`mode=${asked.Mode.toString(8)}`);
  if (!point.RW) options.push("ro");
  return tmpfs(point.Destination, options);
}

/** Docker's defaults for a tmpfs, which options such as `exec` then undo. */
function tmpfs(destination: string, options: readonly string[]): MountSpec {
  return {
    destination,
    type: "tmpfs",
    source: "tmpfs",
    options: ["noexec", "nosuid", "nodev", ...options.filter((option) => option !== "")],
  };
}

function depth(path: string): number {
  return path.split("/").filter((part) => part !== "").length;
}
