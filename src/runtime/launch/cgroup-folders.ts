import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MOUNT = "/sys/fs/cgroup";
const CONTROLLERS = ["memory", "cpu", "cpuacct", "pids", "freezer"];

/**
 * The folders that a root's cgroups are to be in, as `controller=path`, to be made by the keeper below the caller's own cgroups.
 * Version 1: one a controller that is mounted; version 2: a single one, `unified=path`. Empty without cgroups.
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
  return CONTROLLERS.filter((controller) => existsSync(join(MOUNT, controller, "cgroup.procs"))).map((controller) => {
    const path = own
      .split("\n")
      .find((line) => line.split(":")[1]?.split(",").includes(controller) === true)
      ?.split(":")
      .slice(2)
      .join(":");
    const parent = join(MOUNT, controller, path ?? "/");
    return `${controller}=${join(existsSync(parent) ? parent : join(MOUNT, controller), name)}`;
  });
}
