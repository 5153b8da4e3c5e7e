import { accessSync, constants, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { InternalError } from "../../../base/errors.ts";
import type { HostConfig } from "../../../docker/api/types.ts";
import type { MountSpec } from "../../../oci/runtime-spec.ts";

interface Device {
  readonly PathOnHost?: string;
  readonly PathInContainer?: string;
  readonly CgroupPermissions?: string;
}

/**
 * The mounts that give a container the host's device nodes of `--device`: binds, since no node can be made in a user namespace. A folder gives all
 * nodes below it, at their places. What the engine's user may not open on the host cannot be given.
 * @throws InternalError with Docker's text for what is no device, and our own for one that may not be opened.
 */
export function deviceMounts(hostConfig: HostConfig): readonly MountSpec[] {
  return ((hostConfig["Devices"] ?? []) as readonly Device[]).flatMap(({ PathOnHost = "", PathInContainer = PathOnHost }) => {
    const fail = (why: string): never => {
      throw new InternalError(`error gathering device information while adding custom device ${JSON.stringify(PathOnHost)}: ${why}`);
    };
    let path: string;
    try {
      path = realpathSync(PathOnHost);
    } catch {
      return fail("no such file or directory");
    }
    if (statSync(path).isDirectory()) return nodesBelow(path).map((node) => bindOf(node, node));
    if (!isDevice(path)) return fail("not a device node");
    if (!isOpenToUs(path)) return fail("the engine's user may not open it on the host, and so no container of this engine may");
    return [bindOf(path, PathInContainer)];
  });
}

function nodesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => isDevice(path) && isOpenToUs(path));
}

function isDevice(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isCharacterDevice() === true || stat?.isBlockDevice() === true;
}

function isOpenToUs(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function bindOf(source: string, destination: string): MountSpec {
  return { destination, type: "bind", source, options: ["bind", "nosuid", "noexec"], fromUser: true };
}
