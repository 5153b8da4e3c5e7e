import { mkdir, readdir } from "node:fs/promises";
import { Cleanup } from "../../base/cleanup.ts";
import { InternalError, InvalidArgumentError } from "../../base/errors.ts";
import { randomId } from "../../base/ids.ts";
import { makeFolder } from "../../base/make-folder.ts";
import type { ContainerCreateRequest, ContainerCreateResponse } from "../../docker/api/types.ts";
import type { ContainerRecord } from "../containers/container.ts";
import { LiveContainer } from "../containers/live-container.ts";
import type { ContainerMount, SharedMount } from "../volumes/volumes.ts";
import { generateName, parseContainerName } from "../containers/names.ts";
import { created } from "../containers/state.ts";
import { capabilitiesOf } from "./config/capabilities.ts";
import { emitContainerEvent, timestamp, type EngineContext } from "./context.ts";
import { copyTree } from "./files/copy-tree.ts";
import { checkRequest, completeHostConfig, mergeConfig } from "./config/create-config.ts";
import { endpointsOf } from "./endpoints/requested-endpoints.ts";
import { resolveLinks } from "./endpoints/links.ts";
import { checkPolicy } from "./policy.ts";
import { networkRequest } from "./endpoints/network-request.ts";
import { checkPlatform } from "./config/platform.ts";
import { runtimeOf } from "./config/runtimes.ts";
import { resolveInRootfs } from "./files/scoped-path.ts";
import { settleModes } from "./endpoints/shared-namespaces.ts";
import { unheededWarnings } from "./config/unheeded.ts";

/** What a build's own container has besides. */
export interface ForBuild {
  /** `hidden`: as BuildKit's, it is in no list, and of the image it has the files alone. */
  readonly kind: "shown" | "hidden";
  /** Mounts of the engine's own folders. */
  readonly mounts: readonly ContainerMount[];
}

/** `docker create`. */
export async function createContainer(
  context: EngineContext,
  request: ContainerCreateRequest,
  options: { readonly name: string; readonly platform: string; readonly readonlyBelow?: boolean; readonly forBuild?: ForBuild },
): Promise<ContainerCreateResponse> {
  if (!request.Image) throw new InvalidArgumentError("No command specified");
  checkRequest(request);
  if (context.policy) checkPolicy(context.policy, request.HostConfig ?? {});
  const runtime = runtimeOf(context, request.HostConfig?.Runtime);
  const id = randomId();
  const image = await context.images.get(request.Image);
  const { forBuild } = options;
  if (!forBuild) checkPlatform(options.platform, image.config, request.Image);
  const endpoints = endpointsOf(request);
  const config = mergeConfig(request, forBuild?.kind === "hidden" ? {} : (image.config.config ?? {}), id);
  const asked = settleModes(context, completeHostConfig(request.HostConfig ?? {}, context.cgroups.version));
  const links = resolveLinks(context, asked);
  const hostConfig = links.length > 0 ? { ...asked, Links: null } : asked;
  // Only to refuse unknown names now rather than at start.
  capabilitiesOf({ add: hostConfig.CapAdd ?? [], drop: hostConfig.CapDrop ?? [], privileged: false });
  const name = options.name === "" ? generateName((taken) => context.registry.isNameTaken(taken)) : parseContainerName(options.name);

  await using cleanup = new Cleanup();
  context.registry.reserve(name, id);
  cleanup.defer(() => context.registry.release(name, id));
  const folder = context.store.folder(id);
  makeFolder(folder, 0o710);
  cleanup.defer(() => context.store.remove(id));
  await context.snapshotter.prepare(id, image.chainId);
  cleanup.defer(() => context.snapshotter.remove(id));

  const mounts = await context.volumes.resolve({
    containerId: id,
    binds: hostConfig.Binds ?? [],
    mounts: hostConfig.Mounts ?? [],
    tmpfs: hostConfig.Tmpfs ?? {},
    driver: hostConfig.VolumeDriver ?? "",
    anonymous: Object.keys(config.Volumes ?? {}),
    ...(options.readonlyBelow === false && { readonlyBelow: false }),
    from: mountsFrom(context, hostConfig.VolumesFrom ?? []),
  });
  const unsettled: Omit<ContainerRecord, "networkSettings"> = {
    version: 1,
    id,
    name,
    created: timestamp(context),
    imageId: image.id,
    imageRef: request.Image,
    config,
    hostConfig,
    ...(runtime !== undefined && { runtime }),
    endpoints,
    ...(links.length > 0 && { links }),
    mounts: forBuild ? [...mounts, ...forBuild.mounts] : mounts,
    state: created,
    restartCount: 0,
    manuallyStopped: false,
    ...(forBuild && { ofBuild: forBuild.kind }),
  };
  const networkSettings = context.networks.idleSettings(networkRequest(context, unsettled));
  const container = new LiveContainer({ ...unsettled, networkSettings }, folder);
  await prepareRootfs(context, container.record);
  await context.store.save(container.record, { durable: !hostConfig.AutoRemove });
  context.registry.add(container);
  cleanup.keep();
  emitContainerEvent(context, container, "create");
  const discarded =
    hostConfig.NetworkMode === "host" && Object.keys(hostConfig.PortBindings ?? {}).length > 0
      ? ["Published ports are discarded when using host network mode"]
      : [];
  return { Id: id, Warnings: [...discarded, ...context.cgroups.unsupported(hostConfig), ...unheededWarnings(request.HostConfig ?? {})] };
}

/** Makes the working directory, and fills empty volumes from the image: both once, here, as Docker does. */
async function prepareRootfs(context: EngineContext, record: ContainerRecord): Promise<void> {
  const cwd = record.config.WorkingDir ?? "";
  const toFill = record.mounts.filter(({ copyUp }) => copyUp);
  if ((cwd === "" || cwd === "/") && toFill.length === 0) return;
  const rootfs = await context.rootfs.acquire(record.id);
  try {
    for (const mount of toFill) {
      const source = await resolveInRootfs(rootfs.path, mount.point.Destination);
      if (!source.stat?.isDirectory()) continue;
      await context.volumes.fill(mount, async (folder) => {
        if ((await readdir(folder)).length === 0) await copyTree(context.kernel, source.path, folder);
      });
    }
    if (cwd !== "" && cwd !== "/") await makeWorkingDirectory(rootfs.path, cwd);
  } finally {
    await rootfs.release();
  }
}

async function makeWorkingDirectory(rootfs: string, cwd: string): Promise<void> {
  const { path, stat, remaining } = await resolveInRootfs(rootfs, cwd);
  if (stat?.isDirectory()) return;
  if (stat || remaining === null) throw new InternalError(`Cannot mkdir: ${cwd} is not a directory`);
  await mkdir(path, { recursive: true, mode: 0o755 });
}

/** `--volumes-from NAME[:ro]`. @throws InvalidArgumentError, not NotFoundError, at which clients would pull the image. */
function mountsFrom(context: EngineContext, references: readonly string[]): readonly SharedMount[] {
  return references.flatMap((reference) => {
    const [ref = "", mode = "rw"] = reference.split(":");
    if (!["ro", "rw", "z", "Z"].includes(mode)) throw new InvalidArgumentError(`invalid mode: ${mode}`);
    const other = context.registry.find(ref);
    if (!other) throw new InvalidArgumentError(`No such container: ${ref}`);
    return other.record.mounts
      .filter(({ point }) => point.Type !== "tmpfs")
      .map((mount) => (mode === "ro" ? { ...mount, point: { ...mount.point, RW: false, Mode: "ro" } } : mount));
  });
}
