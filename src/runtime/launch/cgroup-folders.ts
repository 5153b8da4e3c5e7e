import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MOUNT = "/sys/fs/cgroup";
const CONTROLLERS = ["memory", "cpu", "cpuacct", "pids", "freezer"];

/**
 * The folders that a root's cgroups are to be in, as `controller=path`, to be made by the keeper below the caller's own cgroups.
 * Version 1: one a hierarchy that is mounted, those first that every container has; version 2: a single one, `unified=path`. Empty without cgroups.
 */
export function cgroupFolders(name: string): readonly string[] {
  let own: string;
  try {
    own = readFileSync("/proc/self/cgroup", "utf8");
  } catch {
    return [];
  }
  if (existsSync(join(MOUNT, "cgroup.controllers"))) {
    // A group that has processes cannot have controllers for its children, so stand beside the caller and not below it.
    const path = /^0::(.*)$/m.exec(own)?.[1] ?? "/";
    const parent = join(MOUNT, path === "/" ? "/" : join(path, ".."));
    return [`unified=${join(existsSync(parent) ? parent : MOUNT, name)}`];
  }
  return [...CONTROLLERS, ...others()]
    .filter((controller) => existsSync(join(MOUNT, controller, "cgroup.procs")))
    .map((controller) => {
      const path = own
        .split("\n")
        .find((line) => isOf(line.split(":")[1] ?? "", controller))
        ?.split(":")
        .slice(2)
        .join(":");
      const parent = join(MOUNT, controller, path ?? "/");
      return `${controller}=${join(existsSync(parent) ? parent : join(MOUNT, controller), name)}`;
    });
}

/** Hierarchies that every container is in for an OCI runtime, or some are for a limit that was asked for. Links are other names of theirs. */
function others(): readonly string[] {
  return readdirSync(MOUNT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.split(",").some((name) => CONTROLLERS.includes(name) || name === "unified"))
    .map(({ name }) => name);
}

/** cgroups(7): `memory`, `net_cls,net_prio`, `name=systemd`, mounted where that name says. */
function isOf(listed: string, folder: string): boolean {
  return listed === folder || listed === `name=${folder}` || listed.split(",").includes(folder);
}
