import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ContainerMount } from "../../volumes/volumes.ts";
import { resolveInRootfs } from "./scoped-path.ts";

/**
 * Makes, in the files of a container that does not run, what its volumes and binds will be mounted on, a folder or an empty file as their source is:
 * dockerd mounts them for every copy, so that `docker diff` tells of it from then on. What lies within another of the mounts is left to the start.
 * @param parts where the parts of volumes are for the engine, by destination.
 */
export async function makeMountPoints(
  rootfs: string,
  mounts: readonly ContainerMount[],
  parts: ReadonlyMap<string, string>,
): Promise<void> {
  const destinations = mounts.map(({ point }) => point.Destination);
  for (const { point, path } of mounts) {
    const destination = point.Destination;
    const source = parts.get(destination) ?? path;
    if (source === null || destinations.some((other) => destination.startsWith(`${other}/`))) continue;
    const place = await resolveInRootfs(rootfs, destination);
    if (place.stat !== null || place.remaining === null) continue;
    const isFolder = await stat(source).then(
      (found) => found.isDirectory(),
      () => null,
    );
    if (isFolder === null) continue;
    await mkdir(isFolder ? place.path : dirname(place.path), { recursive: true, mode: 0o755 });
    if (!isFolder) await writeFile(place.path, "", { flag: "wx", mode: 0o755 });
  }
}
