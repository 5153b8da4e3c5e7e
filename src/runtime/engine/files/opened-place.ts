import { closeSync, existsSync, readlinkSync } from "node:fs";
import { posix } from "node:path";
import type { LiveContainer } from "../../containers/live-container.ts";
import { openRoot } from "../../kernel/thread-root.ts";
import { ENGINES_OWN } from "../../volumes/bind-device.ts";
import { checkPlace } from "../../volumes/held-subpaths.ts";
import type { ContainerMount } from "../../volumes/volumes.ts";
import type { EngineContext } from "../context.ts";
import { etcFiles } from "./etc-files.ts";
import type { MountedRootfs } from "./rootfs.ts";
import type { ResolvedPath } from "./scoped-path.ts";

/** The container's files, and by destination where the parts of volumes are that it has. */
export interface OpenedFiles extends MountedRootfs {
  readonly parts: ReadonlyMap<string, string>;
}

/**
 * Opens what is the root of a place that was found: the container's files, a volume, or the folder of a bind or of one of the engine's own files. What
 * is done at `path` within that root (`inRoot`) cannot be led out of it, though the container may have changed its links since the place was found.
 * The caller closes `root`. @throws InternalError for a bind of the engine's own files.
 */
export function openPlace(
  { store, policy }: EngineContext,
  { id, record }: LiveContainer,
  rootfs: OpenedFiles,
  { inside, stat }: ResolvedPath,
): { readonly root: number; readonly path: string } {
  for (const mount of mountsAt(record, inside)) {
    const source = rootfs.parts.get(mount.point.Destination) ?? mount.path;
    if (source === null) continue;
    const isWhole = inside === mount.point.Destination;
    const isFile = isWhole && stat?.isDirectory() !== true;
    const root = openRoot(isFile ? posix.dirname(source) : source);
    try {
      const real = readlinkSync(`/proc/self/fd/${root}`);
      const isUsers = mount.point.Type === "bind" || mount.spec.fromUser === true;
      if (isUsers) checkPlace(isFile ? posix.join(real, posix.basename(source)) : real, { own: ENGINES_OWN, within: policy?.bindsWithin });
    } catch (error) {
      closeSync(root);
      throw error;
    }
    return { root, path: isFile ? `/${posix.basename(source)}` : isWhole ? "/" : inside.slice(mount.point.Destination.length) };
  }
  const own = ownFileAt(store.folder(id), inside);
  return own === null
    ? { root: openRoot(rootfs.path), path: inside }
    : { root: openRoot(posix.dirname(own)), path: `/${posix.basename(own)}` };
}

/** The mounts that have the place, the innermost first. */
export function mountsAt(record: LiveContainer["record"], inside: string): readonly ContainerMount[] {
  return record.mounts
    .filter(({ point }) => inside === point.Destination || inside.startsWith(`${point.Destination}/`))
    .toSorted((a, b) => b.point.Destination.length - a.point.Destination.length);
}

/** Of the files that the engine writes for a container the one at this place; null before it has run. */
export function ownFileAt(folder: string, inside: string): string | null {
  const { hosts, hostname, resolvConf } = etcFiles(folder);
  const own = new Map([
    ["/etc/hosts", hosts],
    ["/etc/hostname", hostname],
    ["/etc/resolv.conf", resolvConf],
  ]).get(inside);
  return own !== undefined && existsSync(own) ? own : null;
}
