import { closeSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { hasErrno } from "../../../base/errors.ts";
import { inRoot, openRoot } from "../../kernel/thread-root.ts";
import type { ContainerMount } from "../../volumes/volumes.ts";

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
    const isFolder = await stat(source).then(
      (found) => found.isDirectory(),
      () => null,
    );
    if (isFolder === null) continue;
    const root = openRoot(rootfs);
    try {
      inRoot(root, () => makeMountPoint(destination, isFolder));
    } finally {
      closeSync(root);
    }
  }
}

/** Nothing where something is, or stands in the way. */
function makeMountPoint(destination: string, isFolder: boolean): void {
  try {
    if (statSync(destination, { throwIfNoEntry: false })) return;
    mkdirSync(isFolder ? destination : dirname(destination), { recursive: true, mode: 0o755 });
    if (!isFolder) writeFileSync(destination, "", { flag: "wx", mode: 0o755 });
  } catch (error) {
    if (!["ENOTDIR", "EEXIST", "ELOOP"].some((code) => hasErrno(error, code))) throw error;
  }
}
