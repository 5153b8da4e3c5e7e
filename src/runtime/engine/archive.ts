import { closeSync, lstatSync } from "node:fs";
import { posix } from "node:path";
import { finished, type Readable } from "node:stream";
import { ForbiddenError, InternalError, InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import type { PathStat } from "../../docker/api/types.ts";
import type { LiveContainer } from "../containers/live-container.ts";
import { isAlive } from "../containers/state.ts";
import { inRoot } from "../kernel/thread-root.ts";
import type { MountsInUse } from "../volumes/volumes.ts";
import { applyTar } from "../snapshots/apply.ts";
import { tarOfDirectory } from "../snapshots/tar-of-directory.ts";
import { emitContainerEvent, type EngineContext } from "./context.ts";
import { makeMountPoints } from "./files/mount-points.ts";
import { mountsAt, type OpenedFiles, openPlace, ownFileAt } from "./files/opened-place.ts";
import { resolveInRootfs, type ResolvedPath } from "./files/scoped-path.ts";
import { emitVolumeEvents } from "./life/volume-events.ts";

/** `HEAD /containers/{id}/archive`. */
export async function statPath(context: EngineContext, ref: string, path: string): Promise<PathStat> {
  const container = context.registry.get(ref);
  const rootfs = await open(context, container);
  try {
    return await statIn(context, container, ref, rootfs, path);
  } finally {
    await rootfs.release();
  }
}

/** `docker cp CONTAINER:PATH -`: the file or directory, called by its base name. */
export async function getArchive(context: EngineContext, ref: string, path: string): Promise<{ stat: PathStat; tar: Readable }> {
  const container = context.registry.get(ref);
  const rootfs = await open(context, container);
  try {
    const stat = await statIn(context, container, ref, rootfs, path);
    const source = await find(context, container, rootfs, path, { followLast: saysDirectory(path) });
    const place = openPlace(context, container, rootfs, source);
    const tar = tarOfDirectory(place.path, { kernel: context.kernel, root: place.root, name: stat.name === "/" ? "" : stat.name });
    finished(tar, () => {
      closeSync(place.root);
      void rootfs.release();
    });
    emitContainerEvent(context, container, "archive-path");
    return { stat, tar };
  } catch (error) {
    await rootfs.release();
    throw error;
  }
}

/** `docker cp - CONTAINER:PATH`: unpacks into a directory that is there. */
export async function putArchive(
  context: EngineContext,
  ref: string,
  path: string,
  tar: Readable,
  options: { readonly noOverwriteDirNonDir: boolean },
): Promise<void> {
  const container = context.registry.get(ref);
  const rootfs = await open(context, container);
  try {
    const target = await find(context, container, rootfs, path, { followLast: true });
    if (!target.stat) throw notFound(path, ref);
    if (!target.stat.isDirectory()) throw new InvalidArgumentError("extraction point is not a directory");
    assertWritable(container, target.inside);
    const place = openPlace(context, container, rootfs, target);
    try {
      await applyTar(tar, place.path, {
        kernel: context.kernel,
        root: place.root,
        whiteouts: "none",
        noOverwriteDirNonDir: options.noOverwriteDirNonDir,
        ...(context.limits && { limits: context.limits }),
      });
    } finally {
      closeSync(place.root);
    }
    emitContainerEvent(context, container, "extract-to-dir");
  } finally {
    await rootfs.release();
  }
}

/** The container's files, with its volumes, of which clients hear as dockerd tells of them. */
async function open(context: EngineContext, container: LiveContainer): Promise<OpenedFiles> {
  const rootfs = await context.rootfs.acquire(container.id);
  let used: MountsInUse | undefined;
  try {
    used = context.volumes.use(
      container.record.mounts.filter(({ subpath }) => subpath !== undefined),
      context.policy?.bindsWithin,
    );
    if (!isAlive(container.state)) await makeMountPoints(rootfs.path, container.record.mounts, used.parts);
  } catch (error) {
    used?.release();
    await rootfs.release();
    throw error;
  }
  const held = used;
  emitVolumeEvents(context, container, "mount");
  return {
    ...rootfs,
    parts: held.parts,
    release: async () => {
      held.release();
      await rootfs.release();
      emitVolumeEvents(context, container, "unmount");
    },
  };
}

async function statIn(context: EngineContext, container: LiveContainer, ref: string, rootfs: OpenedFiles, path: string): Promise<PathStat> {
  const found = await find(context, container, rootfs, path, { followLast: saysDirectory(path) });
  if (!found.stat) throw notFound(path, ref);
  if (saysDirectory(path) && !found.stat.isDirectory()) throw new InternalError(`lstat ${path}: not a directory`);
  const place = openPlace(context, container, rootfs, found);
  let mtimeNs: bigint;
  try {
    ({ mtimeNs } = inRoot(place.root, () => lstatSync(place.path, { bigint: true })));
  } finally {
    closeSync(place.root);
  }
  const linkTarget = found.stat.isSymbolicLink() ? (await find(context, container, rootfs, path, { followLast: true })).inside : "";
  return {
    name: posix.basename(path) || "/",
    size: found.stat.size,
    mode: goFileMode(found.stat.mode),
    mtime: rfc3339(mtimeNs),
    linkTarget,
  };
}

/** Where a path of the container is: in its rootfs, in a volume or bind that lies over it, or one of the files that the engine writes for it. */
async function find(
  { store }: EngineContext,
  { id, record }: LiveContainer,
  rootfs: OpenedFiles,
  path: string,
  { followLast }: { readonly followLast: boolean },
): Promise<ResolvedPath> {
  const mounts = record.mounts.toSorted((a, b) => b.point.Destination.length - a.point.Destination.length);
  const translate = (inside: string): string | null => {
    for (const { point, path: whole } of mounts) {
      const source = rootfs.parts.get(point.Destination) ?? whole;
      if (source === null) continue;
      if (inside === point.Destination) return source;
      if (inside.startsWith(`${point.Destination}/`)) return source + inside.slice(point.Destination.length);
    }
    return ownFileAt(store.folder(id), inside);
  };
  return await resolveInRootfs(rootfs.path, path, { followLast, translate });
}

function assertWritable({ record }: LiveContainer, inside: string): void {
  const [mount] = mountsAt(record, inside);
  if (mount ? !mount.point.RW : record.hostConfig.ReadonlyRootfs === true) {
    throw new ForbiddenError(mount ? "mounted volume is marked read-only" : "container rootfs is marked read-only");
  }
}

/** A slash behind it, or `/.`: where a link leads is meant. */
function saysDirectory(path: string): boolean {
  return path.endsWith("/") || path.endsWith("/.");
}

function notFound(path: string, ref: string): NotFoundError {
  return new NotFoundError(`Could not find the file ${path} in container ${ref}`);
}

/** stat(2)'s mode as Go's os.FileMode. */
export function goFileMode(mode: number): number {
  const types: Readonly<Record<number, number>> = {
    0o040000: 2 ** 31,
    0o120000: 2 ** 27,
    0o060000: 2 ** 26,
    0o020000: 2 ** 26 + 2 ** 21,
    0o010000: 2 ** 25,
    0o140000: 2 ** 24,
  };
  const special = (mode & 0o4000 ? 2 ** 23 : 0) + (mode & 0o2000 ? 2 ** 22 : 0) + (mode & 0o1000 ? 2 ** 20 : 0);
  return (types[mode & 0o170000] ?? 0) + special + (mode & 0o777);
}

function rfc3339(nanoseconds: bigint): string {
  const whole = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = String(nanoseconds % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${whole}${fraction === "" ? "" : `.${fraction}`}Z`;
}
